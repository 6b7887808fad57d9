namespace Harness.Training.Measure;

/// <summary>Ends the growth of a native heap that cannot close its gaps.</summary>
/// <remarks>
/// The allocator is told to keep large blocks in its heap, which saves the kernel's pages and half of the time. But
/// glibc before 2.38 does not find the gaps that aligned blocks leave (bug 14581): oneDNN's LSTM then takes new memory
/// at every step, without holding any of it, and would run into its limit. Where the heap grows at most looks, large
/// blocks are moved out of it, as the allocator does by default.
/// </remarks>
public sealed class HeapGuard
{
    private const int WarmUpSteps = 10;
    private const int StepsBetweenLooks = 2;
    private const int Looks = 12;
    private const int Grown = 6; // of them; a heap that only finds its size, as sequences get longer, stands still in between
    private const long Growth = 1L << 20; // bytes between two looks
    private const int LargeBlock = 2 << 20; // oneDNN aligns from 2 MiB on

    private readonly Queue<bool> _looks = new();
    private long _size;

    /// <summary>Step at which large blocks were moved out; null while there was no need.</summary>
    public int? LoweredAt { get; private set; }

    /// <summary>Looks at the heap now and then.</summary>
    public void Step(int step)
    {
        if (LoweredAt is not null || step < WarmUpSteps || step % StepsBetweenLooks != 0)
        {
            return;
        }

        var size = ProcessMemory.HeapSize;
        _looks.Enqueue(_size > 0 && size - _size > Growth);
        _size = size;
        if (_looks.Count > Looks)
        {
            _looks.Dequeue();
        }

        if (_looks.Count(grew => grew) >= Grown)
        {
            ProcessMemory.MoveOutFrom(LargeBlock);
            ProcessMemory.GiveBack();
            LoweredAt = step;
        }
    }
}
