"""Reference values for recurrent language models, computed with PyTorch in float64.

Usage: python3 makeReference.py OUT.json --seed 1 --vocab 28 --hidden 16 --batch 2 --steps 5

The tanh RNN is written out from its equations (h_t = tanh(x_t Wxh + h_{t-1} Whh + bh), o_t = h_t Who + bo, one-hot
inputs, zero biases), once with weights N(0, 0.01^2) as in the book and once with N(0, 0.5^2), where tanh bends; RNN, GRU
and LSTM are torch.nn's over an embedding, weights enlarged so that the gates saturate here and there. There is one bias
per gate: torch's second one (bias_hh) is zero and no parameter, save the part of the GRU's new gate, `bias_hn`.
Every file holds: the configuration, token ids, weights, logits [steps][batch][vocab], final state, mean cross-entropy in
nats, its exponential (perplexity), the gradient of every weight, the global L2 norm of the gradients, the gradients
after clipping that norm to theta, the weights after one SGD step, and greedy predictions after a warm-up prefix.
"""
import argparse, json, math, torch

p = argparse.ArgumentParser()
p.add_argument("out"); p.add_argument("--seed", type=int, default=1); p.add_argument("--vocab", type=int, default=28)
p.add_argument("--hidden", type=int, default=16); p.add_argument("--batch", type=int, default=2)
p.add_argument("--steps", type=int, default=5); p.add_argument("--embedding", type=int, default=8)
p.add_argument("--layers", type=int, default=2); p.add_argument("--theta", type=float, default=0.05)
p.add_argument("--lr", type=float, default=1.0); p.add_argument("--gain", type=float, default=3.0)
a = p.parse_args()
torch.manual_seed(a.seed); torch.set_default_dtype(torch.float64)
ids = torch.randint(0, a.vocab, (a.batch, a.steps + 1)); x, y = ids[:, :-1], ids[:, 1:]
prefix = torch.randint(0, a.vocab, (7,))


def rnn_scratch(scale):
    n = lambda *s: torch.randn(s) * scale
    w = dict(Wxh=n(a.vocab, a.hidden), Whh=n(a.hidden, a.hidden), bh=torch.zeros(a.hidden), Who=n(a.hidden, a.vocab), bo=torch.zeros(a.vocab))
    def run(tokens, state):  # tokens [batch][steps] -> logits [steps][batch][vocab]
        h, out = state, []
        for v in torch.nn.functional.one_hot(tokens.T, a.vocab).to(torch.float64):
            h = torch.tanh(v @ w["Wxh"] + h @ w["Whh"] + w["bh"]); out.append(h @ w["Who"] + w["bo"])
        return torch.stack(out), h
    return w, run, lambda b: torch.zeros(b, a.hidden)


def module(kind):
    e = torch.nn.Embedding(a.vocab, a.embedding); r = getattr(torch.nn, kind)(a.embedding, a.hidden, a.layers); o = torch.nn.Linear(a.hidden, a.vocab)
    with torch.no_grad():
        for k, v in r.named_parameters():
            v.mul_(a.gain)
            if k.startswith("bias_hh"): v[: 2 * a.hidden if kind == "GRU" else None] = 0
    w = {f"embedding.{k}": v for k, v in e.named_parameters()} | {f"recurrent.{k}": v for k, v in r.named_parameters()} | {f"output.{k}": v for k, v in o.named_parameters()}
    def run(tokens, state):
        out, s = r(e(tokens.T), state); return o(out), s
    z = lambda b: torch.zeros(a.layers, b, a.hidden)
    return w, run, (lambda b: (z(b), z(b))) if kind == "LSTM" else z


def lst(t): return [lst(u) for u in t] if isinstance(t, tuple) else t.detach().tolist()


def case(name, w, run, zero):
    logits, state = run(x, zero(a.batch))
    loss = torch.nn.functional.cross_entropy(logits.reshape(-1, a.vocab), y.T.reshape(-1)); loss.backward()
    one = lambda d: {k.replace("bias_ih", "bias").replace("bias_hh", "bias_hn"): v[2 * a.hidden:] if "bias_hh" in k else v for k, v in d.items() if "bias_hh" not in k or name == "GRU"}
    grads = one({k: v.grad.clone() for k, v in w.items()}); w = one(w)
    norm = math.sqrt(sum(float((g ** 2).sum()) for g in grads.values())); f = min(1.0, a.theta / norm)
    with torch.no_grad():
        s, out = zero(1), prefix.tolist()
        if len(out) > 1: _, s = run(prefix[None, :-1], s)
        pred = []
        for _ in range(20):
            l, s = run(torch.tensor([[out[-1]]]), s); out.append(int(l.argmax(-1))); pred.append(out[-1])
    return dict(model=name, weights={k: lst(v) for k, v in w.items()}, logits=lst(logits), state=lst(state), loss_nats=loss.item(), perplexity=math.exp(loss.item()),
                gradients={k: lst(v) for k, v in grads.items()}, gradient_norm=norm, clipped={k: lst(v * f) for k, v in grads.items()},
                after_sgd={k: lst(v.detach() - a.lr * grads[k] * f) for k, v in w.items()}, greedy=pred)


cases = []
for name, scale in (("RNN-scratch", 0.01), ("RNN-scratch-wide", 0.5)):
    w, run, zero = rnn_scratch(scale)
    for v in w.values(): v.requires_grad_(True)
    cases.append(case(name, w, run, zero))
for kind in ("RNN", "GRU", "LSTM"): cases.append(case(kind, *module(kind)))
json.dump(dict(config={k: v for k, v in vars(a).items() if k != "out"} | {"torch": torch.__version__, "dtype": "float64", "x": x.tolist(), "y": y.tolist(), "warm_up_prefix": prefix.tolist()}, cases=cases), open(a.out, "w"))
