"""The networks of the benchmark in PyTorch, on one thread of the processor and on a GPU where there is one: a JSON line for each."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import torch

VOCABULARY, EMBEDDING = 100, 64
KINDS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}


class Network(torch.nn.Module):
    def __init__(self, cell: str, hidden: int, layers: int):
        super().__init__()
        self.embedding = torch.nn.Embedding(VOCABULARY, EMBEDDING)
        self.layers = KINDS[cell](EMBEDDING, hidden, layers)
        self.output = torch.nn.Linear(hidden, VOCABULARY)

    def forward(self, ids, state=None):
        values, state = self.layers(self.embedding(ids), state)
        return self.output(values), state


def median_seconds(run, device: str, enough: float) -> float:
    """The first run, which prepares kernels, is not counted."""
    times = []
    end = None
    while len(times) < 4 or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
        end = end or time.perf_counter() + enough
    return sorted(times[1:])[len(times[1:]) // 2]


def measure(network: Network, device: str, request: dict) -> dict:
    ids = lambda rows, columns: torch.full((rows, columns), 5, dtype=torch.long, device=device)
    seconds = lambda run: median_seconds(run, device, request["seconds"])
    drawn, steps = request["drawn"], request["steps"]
    state = None

    def step():
        nonlocal state
        _, state = network(ids(1, 1), state)

    def draw():
        token, state = ids(1, 1), None
        for _ in range(drawn):
            logits, state = network(token, state)
            token = logits.argmax(-1)

    return {
        "stepMicroseconds": 1e6 * seconds(step),
        "drawnMicroseconds": 1e6 * seconds(draw) / drawn,
        "read": {n: n / seconds(lambda: network(ids(n, 1))) for n in request["prefixes"]},
        "scored": {n: n * steps / seconds(lambda: network(ids(steps, n))) for n in request["batches"]},
    }


request = json.loads(sys.argv[1])
torch.set_num_threads(1)
with torch.inference_mode():
    for device in ["cpu"] + (["cuda"] if torch.cuda.is_available() else []):
        for cell, hidden, layers in request["networks"]:
            network = Network(cell, hidden, layers).to(device).eval()
            name = f"{cell} {layers}x{hidden} in PyTorch {torch.__version__} on {device}"
            print(json.dumps({"name": name, **measure(network, device, request)}), flush=True)
