using System.Xml.Linq;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Tasks;

/// <summary>The example that a task's documentation draws is what the task draws.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void Copy_memory_asks_for_the_symbols_after_the_lag()
    {
        const string Symbols = "012345_?";
        var task = new CopyMemory(
            SomeTrial.Of("rnn", "copy-memory").With("items", 2).With("lag", 3).With("symbols", 6)
        );
        var drawn = Lines<CopyMemory>();
        Find(task, drawn["input"], Symbols).ShouldBe(drawn["target"]);
    }

    [Fact]
    public void Parity_tells_whether_the_ones_so_far_are_odd()
    {
        var drawn = Lines<Parity>();
        var spec = SomeTrial.Of("rnn", "parity").With("length", 6);
        Find(new Parity(spec.With("supervision", "every")), drawn["input"], "01")
            .ShouldBe(drawn["target, every step"]);
        Find(new Parity(spec.With("supervision", "final")), drawn["input"], "01")
            .ShouldBe(drawn["target, final"]);
    }

    [Fact]
    public void The_target_of_a_character_is_the_one_behind_it()
    {
        const string Text = "WE are WE are WE are WE are WE are WE are WE are";
        var alphabet = new string([.. Text.Distinct().Order()]).Replace(' ', '_');
        var task = new CharLm(SomeTrial.Of("rnn", "char-lm").With("length", 6), Text);
        var drawn = Lines<CharLm>();
        Find(task, drawn["input"], alphabet).ShouldBe(drawn["target"]);
    }

    // The targets of the drawn sequence that has this input.
    private static string Find(SequenceTask task, string input, string symbols)
    {
        using var scope = NewDisposeScope();
        using var random = RandomKey.At(1, RandomKey.Training, 0);
        var batch = task.DrawLongest(random, 2000);
        for (var row = 0; row < 2000; row++)
        {
            if (Show(batch.Tokens[row], symbols) == input)
            {
                return Show(batch.Targets[row], symbols);
            }
        }

        throw new InvalidOperationException($"of 2000 sequences none is {input}");
    }

    private static string Show(Tensor row, string symbols) =>
        string.Join(
            ' ',
            row.data<long>()
                .ToArray()
                .Select(token => token == Batch.Unscored ? '.' : symbols[(int)token])
        );

    // "input   5 2 _ _ _ ? ?      length T = …" is the sequence of single characters behind the name.
    private static Dictionary<string, string> Lines<T>()
    {
        var code = XDocument
            .Load(Path.ChangeExtension(typeof(T).Assembly.Location, "xml"))
            .Descendants("member")
            .Single(member => member.Attribute("name")!.Value == $"T:{typeof(T).FullName}")
            .Descendants("code")
            .Single()
            .Value;
        return code.Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
            .Select(line => line.Split("  ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1].Trim().Split("   ")[0]);
    }
}
