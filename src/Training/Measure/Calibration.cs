using static TorchSharp.torch;

namespace Harness.Training.Measure;

/// <summary>How fast the machine is right now: a square matrix product.</summary>
public static class Calibration
{
    private const int Size = 256;
    private const double Window = 0.01; // seconds; three of them cost a trial 30 ms

    /// <summary>GFLOP/s of wall time, best of three windows.</summary>
    public static double Run()
    {
        using var off = no_grad();
        using var left = ones(Size, Size);
        using var right = ones(Size, Size);
        left.matmul(right).Dispose(); // the library chooses its kernel at the first call
        return Enumerable.Range(0, 3).Max(_ => Measure(left, right));
    }

    private static double Measure(Tensor left, Tensor right)
    {
        var start = ProcessClock.Wall;
        var products = 0;
        double elapsed;
        do
        {
            left.matmul(right).Dispose();
            products++;
            elapsed = ProcessClock.Wall - start;
        } while (elapsed < Window);

        return products * 2.0 * Size * Size * Size / elapsed / 1e9;
    }
}
