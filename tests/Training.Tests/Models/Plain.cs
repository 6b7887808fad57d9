using Harness.Training.Models;

namespace Harness.Training.Tests.Models;

/// <summary>A model's parameters and the layers that every network is made of, in arrays of double: no tensor library.</summary>
internal sealed class Plain(SequenceModel model)
{
    private readonly Dictionary<string, (long[] Shape, double[] Values)> _parameters = model
        .named_parameters()
        .ToDictionary(
            pair => pair.name,
            pair => (pair.parameter.shape, pair.parameter.data<double>().ToArray())
        );

    public double[] Vector(string name) => Find(name).Values;

    public double[] Row(string name, long row)
    {
        var (shape, values) = Find(name);
        return values[(int)(row * shape[1])..(int)((row + 1) * shape[1])];
    }

    /// <summary>W x + b.</summary>
    public double[] Linear(string weight, string bias, double[] x)
    {
        var (shape, _) = Find(weight);
        var b = Vector(bias);
        return
        [
            .. Enumerable.Range(0, (int)shape[0]).Select(row => Dot(Row(weight, row), x) + b[row]),
        ];
    }

    /// <summary>Mean 0, variance 1, then scale and shift (Ba, Kiros and Hinton 2016).</summary>
    public double[] LayerNorm(string name, double[] x)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + 1e-5);
        var (scale, shift) = (Vector($"{name}.weight"), Vector($"{name}.bias"));
        return [.. x.Select((value, i) => (value - mean) / deviation * scale[i] + shift[i])];
    }

    public static double Dot(double[] left, double[] right) =>
        left.Zip(right, (a, b) => a * b).Sum();

    public static double[] Add(double[] left, double[] right) =>
        [.. left.Zip(right, (a, b) => a + b)];

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>x times the share of a standard normal below x (Hendrycks and Gimpel 2016).</summary>
    public static double Gelu(double x)
    {
        // erf by its Taylor series: exact to 1e-12 for the small numbers of a fresh network.
        var (z, sum) = (x / Math.Sqrt(2), 0.0);
        var term = z;
        for (var n = 0; n < 80; n++)
        {
            sum += term / (2 * n + 1);
            term *= -z * z / (n + 1);
        }

        return x * (0.5 + sum / Math.Sqrt(Math.PI));
    }

    // By the end of the name, and only one may end so.
    private (long[] Shape, double[] Values) Find(string name) =>
        _parameters.Single(pair => pair.Key.EndsWith(name, StringComparison.Ordinal)).Value;
}
