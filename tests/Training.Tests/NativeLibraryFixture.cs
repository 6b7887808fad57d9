using Harness.Training.Tests;

[assembly: AssemblyFixture(typeof(NativeLibraryFixture))]

namespace Harness.Training.Tests;

/// <summary>libtorch with one thread, once a process.</summary>
public sealed class NativeLibraryFixture
{
    public NativeLibraryFixture() => Backend.Load(threads: 1);
}
