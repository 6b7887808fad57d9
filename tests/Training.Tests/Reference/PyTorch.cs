using System.Diagnostics;
using System.Text.Json;
using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Reference;

/// <summary>
/// Debian's PyTorch, asked by <c>reference.py</c> for its own numbers: another build, another version, another author.
/// Its absence skips a test on a laptop and fails it on CI.
/// </summary>
internal static class PyTorch
{
    private const string Python = "/usr/bin/python3"; // the one that Debian's packages serve, whatever PATH says
    private const int NotInstalled = 77; // what the script ends with
    private const string Missing =
        "PyTorch is missing: apt-get install --no-install-recommends python3-torch";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120); // on a busy machine
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A tensor as float64, which holds a float32 and a token exactly.</summary>
    public sealed record Numbers(long[] Shape, double[] Values)
    {
        public static Numbers Of(Tensor tensor)
        {
            using var exact = tensor.detach().to(ScalarType.Float64).contiguous();
            return new(exact.shape, exact.data<double>().ToArray());
        }
    }

    public sealed record GivenBatch(Numbers Tokens, Numbers Targets)
    {
        public static GivenBatch Of(Batch batch) =>
            new(Numbers.Of(batch.Tokens), Numbers.Of(batch.Targets));
    }

    /// <summary>One question; the script's first lines describe it.</summary>
    public sealed record Request(
        string Name,
        string Ask,
        TrialSpec Trial,
        int Vocabulary,
        int MaxLength,
        GivenBatch[] Batches,
        SortedDictionary<string, Numbers> Parameters
    );

    /// <summary>Answers by name of the request; null where PyTorch is not installed.</summary>
    public sealed record Answers(Dictionary<string, Dictionary<string, double[]>>? ByName)
    {
        public Dictionary<string, double[]> To(string name)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                ByName.ShouldNotBeNull(Missing);
            }

            Assert.SkipWhen(ByName is null, Missing);
            return ByName![name];
        }
    }

    private sealed record Answer(string Name, Dictionary<string, double[]> Numbers);

    public static SortedDictionary<string, Numbers> Parameters(SequenceModel model) =>
        new(
            model
                .named_parameters()
                .ToDictionary(pair => pair.name, pair => Numbers.Of(pair.parameter)),
            StringComparer.Ordinal
        );

    /// <summary>All requests in one process: it takes longer to start than to compute.</summary>
    public static async Task<Answers> AskAsync(IReadOnlyList<Request> requests)
    {
        if (!File.Exists(Python))
        {
            return new Answers(ByName: null);
        }

        var script = Path.Combine(AppContext.BaseDirectory, "Reference", "reference.py");
        using var process = Process.Start(
            new ProcessStartInfo(Python, [script])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            var (output, errors) = (
                process.StandardOutput.ReadToEndAsync(),
                process.StandardError.ReadToEndAsync()
            );
            await WriteAsync(process.StandardInput, requests).WaitAsync(Deadline);
            await process.WaitForExitAsync().WaitAsync(Deadline);
            if (process.ExitCode == NotInstalled)
            {
                return new Answers(ByName: null);
            }

            process.ExitCode.ShouldBe(0, await errors);
            return new Answers(
                (await output)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonSerializer.Deserialize<Answer>(line, Json)!)
                    .ToDictionary(answer => answer.Name, answer => answer.Numbers)
            );
        }
        finally
        {
            process.Kill(); // does nothing to one that has ended
        }
    }

    private static async Task WriteAsync(StreamWriter input, IReadOnlyList<Request> requests)
    {
        try
        {
            foreach (var request in requests)
            {
                await input.WriteLineAsync(JsonSerializer.Serialize(request, Json));
            }

            input.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code says why.
        }
    }
}
