namespace Harness.Training.Measure;

/// <summary>Ends the growth of a native heap that cannot close its gaps.</summary>
/// <remarks>
/// The allocator is told to keep large blocks in its heap, which saves the kernel's pages and half of the time. But
/// glibc before 2.38 does not find the gaps that aligned blocks leave (bug 14581): oneDNN's LSTM then takes new memory
/// at every step, without holding any of it, and would run into its limit. Where the heap has grown by a lot and still
/// grows at most looks, large blocks are moved out of it, as the allocator does by default.
/// </remarks>
public sealed class HeapGuard
{
    private const int WarmUpSteps = 10;
    private const int StepsBetweenLooks = 2;
    private const int Looks = 12;
    private const int Grown = 6; // of them; a heap that only finds its size, as sequences get longer, stands still in between
    private const long Growth = 256L << 10; // bytes between two looks
    private const long Room = 256L << 20; // bytes; less is no danger, and mapped blocks take a tenth more time

    // First only blocks that are few: each mapped one costs its pages anew at every step.
    private readonly Queue<int> _blocks = new([2 << 20, 256 << 10]);

    private readonly Queue<bool> _looks = new();
    private long _size;
    private long _start;

    /// <summary>Step at which blocks were last moved out; null while there was no need.</summary>
    public int? LoweredAt { get; private set; }

    /// <summary>Looks at the heap now and then.</summary>
    public void Step(int step)
    {
        if (_blocks.Count == 0 || step < WarmUpSteps || step % StepsBetweenLooks != 0)
        {
            return;
        }

        var size = ProcessMemory.HeapSize;
        if (_size == 0)
        {
            _start = size;
        }

        _looks.Enqueue(size - _size > Growth);
        _size = size;
        if (_looks.Count > Looks)
        {
            _looks.Dequeue();
        }

        if (size - _start > Room && _looks.Count(grew => grew) >= Grown)
        {
            ProcessMemory.MoveOutFrom(_blocks.Dequeue());
            ProcessMemory.GiveBack();
            LoweredAt = step;
            _start = _size = ProcessMemory.HeapSize;
            _looks.Clear();
        }
    }
}
