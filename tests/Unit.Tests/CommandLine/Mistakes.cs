namespace Harness.Unit.Tests.CommandLine;

/// <summary>A right sweep file, and every way to get one place of it wrong.</summary>
/// <param name="Right">What stands in the right file.</param>
/// <param name="Wrong">What stands there instead.</param>
/// <param name="Place">Line and column, as they are printed.</param>
/// <param name="Path">Path of the value, as the API names it; empty where the form of the file is wrong.</param>
/// <param name="Told">What the message must hold: the fault, allowed values or the nearest spelling.</param>
public sealed record Mistake(string Right, string Wrong, string Place, string Path, string Told)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Wrong.Split('\n')[0]} -> {Path}";
}

/// <summary>The table.</summary>
internal static class Mistakes
{
    public const string Right = """
        version: 1
        name: example
        description: text
        labels: {purpose: demo}
        method: grid
        parameters:
          model: {values: [rnn, transformer]}
          task: {value: copy-memory}
          width: {value: 32}
          lag: {values: [4, 8]}
          learning_rate: {distribution: log_uniform, min: 0.001, max: 0.01, count: 2}
        overrides:
          - when: {model: transformer}
            set: {heads: {value: 4}}
        constraints:
          - exclude: {model: rnn, lag: {gte: 8}}
        seeds: 4
        metric: {name: accuracy, goal: maximize}
        probes: [throughput]
        budget: {steps: 30, max_trial_time: 1m}
        early_stopping: {type: none}
        resources: [{cpu: 1, memory: 1GiB}]
        placement: {same_hardware: required, interleave: true, exclusive: false}
        max_concurrent_trials: 8
        priority: 0
        retry: {max_crashes: 5, max_retries: 0}

        """;

    // right | wrong | line:column | path | told; ⏎ is a line's end, ⇥ a tab, ␁ a control character.
    private const string Table = """
        # Keys, at every level.
        seeds: 4 | sede: 2 | 17:1 | /sede | did you mean 'seeds'?
        seeds: 4 | seeds: 4⏎output: ../x | 18:1 | /output | allowed: version, name
        width: | widht: | 9:3 | /parameters/widht | did you mean 'width'?
        {value: 32} | {valeu: 32} | 9:11 | /parameters/width/valeu | 'value'?
        count: 2 | cuont: 2 | 11:69 | /parameters/learning_rate/cuont | 'count'?
        - when: | - wehn: | 13:5 | /overrides/0/wehn | did you mean 'when'?
        set: {heads | sett: {heads | 14:5 | /overrides/0/sett | did you mean 'set'?
        {heads: | {haeds: | 14:11 | /overrides/0/set/haeds | did you mean 'heads'?
        when: {model | when: {modle | 13:12 | /overrides/0/when/modle | 'model'?
        - exclude | - exlude | 16:5 | /constraints/0/exlude | did you mean 'exclude'?
        {gte: 8} | {gta: 8} | 16:33 | /constraints/0/exclude/lag/gta | did you mean 'gt
        goal: | gaol: | 18:26 | /metric/gaol | did you mean 'goal'?
        max_trial_time | max_time | 20:21 | /budget/max_time | allowed: steps, max
        {type: | {tpye: | 21:18 | /early_stopping/tpye | did you mean 'type'?
        memory: | memroy: | 22:22 | /resources/0/memroy | did you mean 'memory'?
        interleave | interlaeve | 23:38 | /placement/interlaeve | 'interleave'?
        max_crashes | max_crashs | 26:9 | /retry/max_crashs | 'max_crashes'?
        seeds: 4 | seeds: {valeus: [1]} | 17:9 | /seeds/valeus | 'values'?
        # Required parts.
        version: 1⏎ |  | 1:1 | /version | 'version' is missing
        name: example⏎ |  | 1:1 | /name | 'name' is missing
        seeds: 4⏎ |  | 1:1 | /seeds | 'seeds' is missing
        budget: {steps: 30, max_trial_time: 1m}⏎ |  | 1:1 | /budget | {steps: 300}
        steps: 30,  |  | 20:9 | /budget/steps | 'budget' needs 'steps'
          model: {values: [rnn, transformer]}⏎ |  | 7:3 | /parameters/model | lstm
          task: {value: copy-memory}⏎ |  | 7:3 | /parameters/task | parity
        min: 0.001,  |  | 11:18 | /parameters/learning_rate/min | needs 'min'
        method: grid | method: list | 1:1 | /trials | a list of mappings
        method: grid | method: random | 1:1 | /trials | 'trials' is missing
        # Kinds of value.
        name: example | name: [a] | 2:7 | /name | A text is expected, not a list
        name: example | name: "\u202e" | 2:7 | /name | U+202E
        text | [text] | 3:14 | /description | A text is expected
        {purpose: demo} | demo | 4:9 | /labels | mapping of words to texts
        {purpose: demo} | {<a>: x} | 4:10 | /labels/<a> | letters, digits
        method: grid | method: gird | 5:9 | /method | did you mean 'grid'?
        {value: 32} | 32 | 9:10 | /parameters/width | such as {value: 32}
        {value: 32} | {value: three} | 9:18 | /parameters/width/value | whole number
        {value: 32} | {value: 12.5} | 9:18 | /parameters/width/value | whole number
        {value: 32} | {value: "32"} | 9:18 | /parameters/width/value | whole number
        {value: 32} | {values: 32} | 9:19 | /parameters/width/values | A list of values
        {value: 32} | {values: []} | 9:19 | /parameters/width/values | 1 to 10,000
        [4, 8] | [4, x] | 10:21 | /parameters/lag/values/1 | whole number
        [4, 8] | [4, 4] | 10:21 | /parameters/lag/values/1 | stands twice
        log_uniform | log_unifrm | 11:33 | /parameters/learning_rate/distribution | 'log
        count: 2 | count: 1 | 11:76 | /parameters/learning_rate/count | from 2 to
        min: 0.001 | min: .nan | 11:51 | /parameters/learning_rate/min | not finite
        min: 0.001 | min: 0.1 | 11:18 | /parameters/learning_rate | min below max
        {value: 4} | {value: four} | 14:26 | /overrides/0/set/heads/value | whole
        constraints:⏎  - exclude: {model: rnn, lag: {gte: 8}} | constraints: no | 15:14 | /constraints | is a list
        seeds: 4 | seeds: -4 | 17:8 | /seeds | from 1 to 10,000
        seeds: 4 | seeds: two | 17:8 | /seeds | whole number
        seeds: 4 | seeds: {values: [3, 3]} | 17:21 | /seeds/values/1 | stands twice
        seeds: 4 | seeds: {values: [-1]} | 17:18 | /seeds/values/0 | of 0 or more
        seeds: 4 | seeds: {values: [9223372036854775808]} | 17:18 | /seeds/values/0 | of 0 or more
        [throughput] | throughput | 19:9 | /probes | 'probes' is a list
        # Ranges and units.
        version: 1 | version: 2 | 1:10 | /version | from 1 to 1
        {value: 32} | {value: 0} | 9:18 | /parameters/width/value | from 1 to 4,096
        {value: 32} | {value: 1e99} | 9:18 | /parameters/width/value | whole number
        steps: 30 | steps: -1 | 20:17 | /budget/steps | from 0 to
        1m} | 5 parsecs} | 20:37 | /budget/max_trial_time | such as 500ms, 90s, 2m
        1m} | 1h30} | 20:37 | /budget/max_trial_time | 1h30m
        cpu: 1 | cpu: 0 | 22:19 | /resources/0/cpu | from 1 to
        1GiB | 3 apples | 22:30 | /resources/0/memory | such as 512MiB
        max_concurrent_trials: 8 | max_concurrent_trials: 0 | 24:24 | /max_concurrent_trials | from 1
        priority: 0 | priority: 2147483648 | 25:11 | /priority | from -1,000,000
        max_crashes: 5 | max_crashes: -1 | 26:22 | /retry/max_crashes | from 0 to 1,000
        # Words that the catalogue does not have.
        [rnn, | [rmn, | 7:20 | /parameters/model/values/0 | did you mean 'rnn'?
        copy-memory | copy-memroy | 8:17 | /parameters/task/value | 'copy-memory'?
        [throughput] | [througput] | 19:10 | /probes/0 | did you mean 'throughput'?
        name: accuracy | name: acuracy | 18:16 | /metric/name | did you mean 'accuracy'?
        maximize | maximise | 18:32 | /metric/goal | did you mean 'maximize'?
        {model: transformer} | {model: tranformer} | 13:19 | /overrides/0/when/model/0 | 'transformer'?
        # What only whole cells show.
        value: copy-memory | value: parity | 10:3 | /parameters/lag | does not apply to model rnn with task parity
        {value: 4} | {value: 5} | 14:11 | /parameters/heads | heads 5 does not divide width 32
        [throughput] | [permutation] | 19:1 | /probes | cannot serve the probe
        {model: rnn, lag: {gte: 8}} | {task: copy-memory} | 16:5 | /constraints/0 | excludes every trial
        seeds: 4 | seeds: 10000⏎random_seed: x | 18:14 | /random_seed | whole number
        count: 2 | count: 10000 | 6:1 | /parameters | 100,000 are allowed
        # What another key or a later version is for.
        width: {value: 32} | steps: {value: 32} | 9:3 | /parameters/steps | 'budget.steps'
        width: {value: 32} | seed: {value: 1} | 9:3 | /parameters/seed | under 'seeds'
        method: grid | method: grid⏎trials: 3 | 6:1 | /trials | method: random
        seeds: 4 | seeds: 4⏎checkpoint: {every: 0} | 18:21 | /checkpoint/every | from 1 to
        seeds: 4 | seeds: 4⏎checkpoint: {evry: 9} | 18:14 | /checkpoint/evry | did you mean 'every'
        seeds: 4 | seeds: 4⏎checkpoint: {} | 18:13 | /checkpoint/every | needs 'every'
        width: {value: 32} | checkpoint_every: {value: 9} | 9:3 | /parameters/checkpoint_every | under 'checkpoint.every'
        seeds: 4 | seeds: 4⏎match: {by: x} | 18:1 | /match | not yet: match
        type: none | type: asha | 21:24 | /early_stopping/type | not yet: early_stopping
        max_trial_time | max_sweep_time | 20:21 | /budget/max_sweep_time | not yet: budget
        cpu: 1 | gpu: 1 | 22:14 | /resources/0/gpu | not yet: resources.gpu
        1GiB}] | 1GiB}, {cpu: 2}] | 22:37 | /resources/1 | not yet: several
        exclusive: false | exclusive: true | 23:67 | /placement/exclusive | not yet: placement
        seeds: 4 | seeds: 4⏎width: 64 | 18:1 | /width | under 'parameters', as width: {value: 64}
        seeds: 4 | seeds: 4⏎lr: 0.1 | 18:1 | /lr | the parameter 'learning_rate'
        seeds: 4 | seeds: 4⏎steps: 9 | 18:1 | /steps | stands under 'budget.steps'
        steps: 30 | epochs: 30 | 20:10 | /budget/epochs | did you mean 'steps'?
        1m} | 90} | 20:37 | /budget/max_trial_time | write 90s for seconds
        seeds: 4 | seeds: [1, 2] | 17:8 | /seeds | written {values: [1, 2]}
        {value: 32} | {value: [16, 32]} | 9:18 | /parameters/width/value | under 'values'
        {value: 32} | {value: 32, values: [16]} | 9:22 | /parameters/width | value (line 9) and values (line 9)
        name: example | name: | 2:1 | /name | 'name' has no value
        # The form of the file.
        name: example | name: a: b | 2:8 |  | a second ': ' stands in this line
        labels: {purpose: demo} | labels: {purpose: demo | 4:9 |  | the '{' here is never closed
        lag: {values: [4, 8]} | lag: {values: [4 8} | 10:21 |  | ',' or ']' is expected here
        name: example | name: "example | 2:7 |  | is not closed
        name: example | name: @x | 2:7 |  | cannot begin with '@'
        name: example | name | 2:1 |  | a key with ':' is expected here
        description: text |  description: text | 3:13 |  | stands below a value
        name: example | name: example⏎name: two | 3:1 |  | it stood in line 2 already
        name: example | name: &a example | 2:7 |  | Anchors and aliases
        name: example | name: !!str example | 2:7 |  | Tags such as
        name: example | ⇥name: example | 2:1 |  | use blanks
        seeds: 4 | seeds: 4⏎---⏎x: 1 | 18:1 |  | several documents
        name: example | name: a␁ | 2:8 |  | U+0001
        name: example | ? [a]⏎: 1 | 2:3 |  | A key must be a plain word
        """;

    public static IReadOnlyList<Mistake> All { get; } =
    [
        .. Table
            .Split('\n')
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(" | ").Select(Written).ToArray())
            .Select(cells => new Mistake(cells[0], cells[1], cells[2], cells[3], cells[4])),
    ];

    private static string Written(string cell) =>
        cell.Replace('⏎', '\n').Replace('⇥', '\t').Replace('␁', '\u0001');
}
