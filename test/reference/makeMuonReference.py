"""Reference values for Muon, computed with torch.optim.Muon in float64.

Usage: python3 makeMuonReference.py OUT.json      (PyTorch 2.13)

torch orthogonalizes in bfloat16; its conversion is made one to float64 here, so that nothing but its own arithmetic is
left to compare with. Four iterations, not its default of five. Its momentum is a running mean (0.95 m + 0.05 g), ours a running sum: the same direction. Matrices
are held as torch holds them, [outputs, inputs].
"""
import json, sys, torch

torch.manual_seed(1); torch.set_default_dtype(torch.float64)
torch.Tensor.bfloat16 = lambda self: self.double()
rounded = lambda t: (t * 1e6).round() / 1e6

cases = []
for outputs, inputs, rate, decay in ((6, 6, 0.05, 0.0), (8, 3, 0.05, 0.1), (4, 9, 0.02, 0.5)):
    weights = torch.nn.Parameter(rounded(torch.randn(outputs, inputs)))
    gradients = [rounded(torch.randn(outputs, inputs) * scale) for scale in (1.0, 0.01, 0.3)]
    optimizer = torch.optim.Muon([weights], lr=rate, weight_decay=decay, momentum=0.95, nesterov=True, ns_steps=4)
    case = dict(outputs=outputs, inputs=inputs, rate=rate, weight_decay=decay, before=weights.tolist(),
                gradients=[g.tolist() for g in gradients], after=[])
    for gradient in gradients:
        weights.grad = gradient.clone()
        optimizer.step()
        case["after"].append(rounded(weights.detach()).tolist())
    cases.append(case)
json.dump(dict(torch=torch.__version__, cases=cases), open(sys.argv[1], "w"))
