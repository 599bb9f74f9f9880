"""PyTorch's own recurrent layer on the task given as JSON, at its best number of threads. Prints the result as JSON."""

import json
import os
import resource
import sys
import time

import torch
from torch import nn

task = json.loads(sys.argv[1])
steps, vocabulary, width = task['sequence'], task['vocabularySize'], task['embedding']
batch, hidden = task['batch'], task['hidden']


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        layer = {'lstm': nn.LSTM, 'gru': nn.GRU, 'rnn': nn.RNN}[task['cell']]
        self.recurrent = layer(width, hidden)
        self.output = nn.Linear(hidden, vocabulary)

    def forward(self, ids, state):
        hiddens, state = self.recurrent(self.embedding(ids), state)
        return self.output(hiddens), state


network = Network()
optimizer = torch.optim.AdamW(network.parameters(), lr=4e-3, fused=True)
ids = torch.randint(vocabulary, (steps, batch))
targets = torch.randint(vocabulary, (steps * batch,))
state = None


def detach(values):
    return tuple(value.detach() for value in values) if isinstance(values, tuple) else values.detach()


def step():
    global state
    with torch.autocast('cpu', torch.bfloat16, enabled=task['precision'] == 'bfloat16'):
        logits, after = network(ids, state)
    state = detach(after)
    loss = nn.functional.cross_entropy(logits.float().view(-1, vocabulary), targets)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()


def speed(threads, seconds):
    torch.set_num_threads(threads)
    for _ in range(3):
        step()
    began, processor, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < seconds:
        step()
        count += 1
    took = time.perf_counter() - began
    return count * batch * steps / took, (time.process_time() - processor) / took


cores = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
choices = sorted({1, cores, *(2**power for power in range(1, 8) if 2**power < cores)})
best = max(choices, key=lambda threads: speed(threads, task['seconds'] / 4)[0])
per_second, cores_used = speed(best, task['seconds'])
result = {
    'charactersPerSecond': per_second,
    'coresUsed': cores_used,
    'peakMegabytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    'note': f'torch {torch.__version__}, {best} threads',
}
print(json.dumps(result))
