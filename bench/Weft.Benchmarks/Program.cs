using BenchmarkDotNet.Running;

namespace Weft.Benchmarks;

/// <summary><c>budgets</c>: allocations against budgets.json. <c>quick</c>: rough times. <c>spin</c>: parses and rewrites for some seconds, for a profiler. Anything else goes to BenchmarkDotNet.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["budgets"]:
                return Budgets.Check();
            case ["quick"]:
                Quick.Run();
                return 0;
            case ["spin"]:
                Quick.Spin();
                return 0;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                return 0;
        }
    }
}
