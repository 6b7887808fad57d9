"""What PyTorch computes from the same weights and the same input: the reference of the trainer's numbers.

Reads requests from standard input and writes answers to standard output, one line of JSON each:

  request  {"name", "ask": "gradients" or "training", "trial": as the trainer gets it, "vocabulary", "maxLength",
            "batches": [{"tokens": T, "targets": T}, ...], "parameters": {name: T}}   T = {"shape": [], "values": []}
  answer   {"name", "numbers": {name: [], ...}}

Values are float64 and JSON keeps every bit of them; a float32 trial rounds them before it computes. Modules bear the
trainer's names and are loaded strictly, so that a parameter which one side lacks is an error.
"""

import json
import sys

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ModuleNotFoundError:
    sys.exit(77)  # the caller skips, or fails on CI

UNSCORED = -100


class Recurrent(nn.Module):
    def __init__(self, core, trial, vocabulary, _):
        super().__init__()
        width = trial["width"]
        self._embed = nn.Embedding(vocabulary, width)
        self._core = core(width, width, trial["layers"], batch_first=True)
        self._head = nn.Linear(width, vocabulary)

    def forward(self, tokens):
        return self._head(self._core(self._embed(tokens))[0])


class LinearRnn(nn.RNN):
    """The library has no linear one."""

    def forward(self, inputs):
        for layer in range(self.num_layers):
            w, u, b, c = (getattr(self, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            states = [torch.zeros_like(inputs[:, 0])]
            for x in inputs.unbind(1):
                states.append(x @ w.T + b + states[-1] @ u.T + c)
            inputs = torch.stack(states[1:], 1)
        return inputs, None


def rnn(trial, *shape):
    activation = trial["activation"]
    return Recurrent(LinearRnn if activation == "linear" else lambda *a, **k: nn.RNN(*a, nonlinearity=activation, **k), trial, *shape)


def angles(length, width):
    rates = 10_000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    return torch.outer(torch.arange(length, dtype=torch.float64), rates)  # [T, D/2]


def sinusoidal(length, width):
    encoding = torch.empty(length, width, dtype=torch.float64)
    encoding[:, 0::2] = angles(length, width).sin()
    encoding[:, 1::2] = angles(length, width).cos()
    return encoding


def turned(vectors):
    """Rotary positions: a pair of features is a complex number, multiplied by e^(i angle)."""
    turn = torch.polar(torch.ones(1, dtype=torch.float64), angles(*vectors.shape[-2:]))
    pairs = torch.view_as_complex(vectors.unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * turn.to(pairs.dtype)).flatten(-2)


class Block(nn.Module):
    def __init__(self, trial):
        super().__init__()
        width = trial["width"]
        self.trial = trial
        self._normAttention = nn.LayerNorm(width)
        self._queryKeyValue = nn.Linear(width, 3 * width)
        self._output = nn.Linear(width, width)
        self._normFeed = nn.LayerNorm(width)
        self._up = nn.Linear(width, 4 * width)
        self._down = nn.Linear(4 * width, width)

    def forward(self, inputs):
        length = inputs.shape[1]
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        mask = future if self.trial["mask"] == "causal" else torch.zeros_like(future)
        attend = self.rotary if self.trial["positions"] == "rotary" else self.attention
        attended = inputs + attend(self._normAttention(inputs), mask)
        return attended + self._down(F.gelu(self._up(self._normFeed(attended))))

    def attention(self, inputs, mask):
        x = inputs.transpose(0, 1)  # the library's function wants time first
        joint, output = self._queryKeyValue, self._output
        mixed, _ = F.multi_head_attention_forward(
            x, x, x, x.shape[-1], self.trial["heads"], joint.weight, joint.bias, None, None, False, 0.0,
            output.weight, output.bias, attn_mask=mask, need_weights=False)
        return mixed.transpose(0, 1)

    def rotary(self, inputs, mask):
        heads = self.trial["heads"]
        query, key, value = (
            part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in self._queryKeyValue(inputs).chunk(3, -1)
        )  # [B, H, T, D/H]
        scores = torch.einsum("bhqe,bhke->bhqk", turned(query), turned(key)) / query.shape[-1] ** 0.5
        weights = scores.masked_fill(mask, -torch.inf).softmax(-1)
        return self._output(torch.einsum("bhqk,bhke->bqhe", weights, value).flatten(-2))


class Transformer(nn.Module):
    def __init__(self, trial, vocabulary, max_length):
        super().__init__()
        width = trial["width"]
        self.positions = trial["positions"]
        self._embed = nn.Embedding(vocabulary, width)
        if self.positions == "learned":
            self._learned = nn.Parameter(torch.zeros(max_length, width))
        self._blocks = nn.Sequential(*(Block(trial) for _ in range(trial["layers"])))
        self._norm = nn.LayerNorm(width)
        self._head = nn.Linear(width, vocabulary)

    def forward(self, tokens):
        x = self._embed(tokens)
        if self.positions == "sinusoidal":
            x = x + sinusoidal(*x.shape[1:]).to(x.dtype)
        elif self.positions == "learned":
            x = x + self._learned[: x.shape[1]]
        return self._head(self._norm(self._blocks(x)))


# One line a model of the catalogue.
MODELS = {
    "rnn": rnn,
    "lstm": lambda *shape: Recurrent(nn.LSTM, *shape),
    "gru": lambda *shape: Recurrent(nn.GRU, *shape),
    "transformer": Transformer,
}


def cross_entropy(logits, targets):
    scored = targets != UNSCORED
    return -logits[scored].log_softmax(-1).gather(-1, targets[scored].unsqueeze(-1)).mean()


def gradients(model, trial, batches):
    (tokens, targets), = batches
    logits = model(tokens)
    loss = cross_entropy(logits, targets)
    loss.backward()
    return {"logits": logits, "loss": loss, **{f"gradient {name}": p.grad for name, p in model.named_parameters()}}


def training(model, trial, batches):
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    rule = {"adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}[trial["optimizer"]]
    optimizer = rule(model.parameters(), trial["learning_rate"], weight_decay=trial["weight_decay"])
    losses, norms = [], []
    for step, (tokens, targets) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = trial["learning_rate"] * min(1, (step + 1) / max(1, trial["warmup_steps"]))
        optimizer.zero_grad()
        losses.append(cross_entropy(model(tokens), targets))
        losses[-1].backward()
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), trial["clip"] or torch.inf))
        optimizer.step()
    changes = {f"change of {name}": p - before[name] for name, p in model.named_parameters()}
    return {"train_loss": torch.stack(losses), "gradient_norm": torch.stack(norms), **changes}


def tensor(numbers):
    return torch.tensor(numbers["values"], dtype=torch.float64).reshape(numbers["shape"])


def answer(request):
    trial = {"model": request["trial"]["model"], **request["trial"]["settings"]}
    if trial["model"] not in MODELS:
        sys.exit(f"reference.py has no reference of the model '{trial['model']}': add one to MODELS")
    model = MODELS[trial["model"]](trial, request["vocabulary"], request["maxLength"]).to(getattr(torch, trial["data_type"]))
    model.load_state_dict({name: tensor(numbers) for name, numbers in request["parameters"].items()})
    batches = [(tensor(b["tokens"]).long(), tensor(b["targets"]).long()) for b in request["batches"]]
    numbers = {"gradients": gradients, "training": training}[request["ask"]](model, trial, batches)
    return {"name": request["name"], "numbers": {k: t.detach().double().flatten().tolist() for k, t in numbers.items()}}


torch.set_num_threads(1)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), allow_nan=False))
