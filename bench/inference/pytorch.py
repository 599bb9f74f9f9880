"""The networks of the benchmark in PyTorch, on one thread of the processor or on the GPU: prints one JSON line a network."""

import json
import sys
import time

import torch

VOCABULARY, EMBEDDING, ENOUGH_SECONDS = 100, 64, 1.0
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


def median_seconds(run, device: str) -> float:
    times = []
    end = time.perf_counter() + ENOUGH_SECONDS
    while len(times) < 3 or (time.perf_counter() < end and len(times) < 50):
        start = time.perf_counter()
        run()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return sorted(times[1:])[len(times[1:]) // 2]


def measure(cell: str, hidden: int, layers: int, prefixes, batches, steps: int, device: str) -> dict:
    network = Network(cell, hidden, layers).to(device).eval()
    ids = lambda rows, columns: torch.zeros(rows, columns, dtype=torch.long, device=device)

    def draw():
        token, state = ids(1, 1), None
        for _ in range(64):
            logits, state = network(token, state)
            token = logits.argmax(-1)

    return {
        "network": f"{cell} {layers}x{hidden}",
        "device": device,
        "drawnMicroseconds": 1e6 * median_seconds(draw, device) / 64,
        "read": {n: n / median_seconds(lambda: network(ids(n, 1)), device) for n in prefixes},
        "scored": {n: n * steps / median_seconds(lambda: network(ids(steps, n)), device) for n in batches},
    }


request = json.loads(sys.argv[1])
torch.set_num_threads(1)
with torch.inference_mode():
    for device in ["cpu"] + (["cuda"] if torch.cuda.is_available() else []):
        for cell, hidden, layers in request["networks"]:
            print(json.dumps(measure(cell, hidden, layers, request["prefixes"], request["batches"], request["steps"], device)))
