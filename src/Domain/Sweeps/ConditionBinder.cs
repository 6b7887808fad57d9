using Harness.Domain.Trials;

namespace Harness.Domain.Sweeps;

/// <summary>Binds the tests of <c>overrides[].when</c> and <c>constraints[].exclude</c>.</summary>
/// <param name="parameters">Binder of the values that are compared with.</param>
/// <param name="problems">Where faults go.</param>
public sealed class ConditionBinder(ParameterBinder parameters, Problems problems)
{
    private static readonly string[] Operators = ["in", "gte", "gt", "lte", "lt"];

    /// <summary>Tests that must all hold.</summary>
    public IReadOnlyList<Condition> Conditions(string path, YamlNode node)
    {
        var conditions = new List<Condition>();
        if (node is not YamlMap { Entries.Count: > 0 } map)
        {
            problems.Add(
                "type.mismatch",
                path,
                node,
                $"A mapping of settings to values is expected, such as {{model: rnn}}, not {node.Kind}."
            );
            return conditions;
        }

        foreach (var entry in map.Entries)
        {
            var (name, here) = (entry.Key.Text, $"{path}/{entry.Key.Text}");
            if (!parameters.Known(here, entry.Key, overriding: true))
            {
                continue;
            }

            conditions.AddRange(
                entry.Value is YamlMap tests
                    ? Tests(here, name, tests)
                    : [new Condition(name, "in", Several(here, name, entry.Value))]
            );
        }

        return conditions;
    }

    private IEnumerable<Condition> Tests(string path, string name, YamlMap tests)
    {
        foreach (var test in tests.Entries)
        {
            var here = $"{path}/{test.Key.Text}";
            if (!Operators.Contains(test.Key.Text))
            {
                problems.UnknownKey(here, test.Key, Operators);
            }
            else if (Several(here, name, test.Value) is { Count: > 0 } values)
            {
                yield return new Condition(name, test.Key.Text, values);
            }
        }
    }

    private List<SettingValue> Several(string path, string name, YamlNode node)
    {
        var items = node is YamlList list ? list.Items : [node];
        return
        [
            .. items
                .Select((item, number) => parameters.Value($"{path}/{number}", name, item))
                .OfType<SettingValue>(),
        ];
    }
}
