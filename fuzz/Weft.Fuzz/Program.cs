using System;
using System.IO;
using SharpFuzz;

namespace Weft.Fuzz;

/// <summary>
/// <c>Weft.Fuzz seeds DIR</c> writes the generated seeds; <c>Weft.Fuzz replay DIR</c> runs every file of a corpus; <c>Weft.Fuzz TARGET</c> runs one
/// target under afl-fuzz, on an assembly instrumented by the sharpfuzz tool (fuzz/README.md).
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["seeds", string root]:
                Corpus.Write(root);
                return 0;
            case ["replay", string root]:
                return Replay(root);
            case [string name] when FuzzTargets.All.TryGetValue(name, out FuzzTarget? target):
                Fuzzer.OutOfProcess.Run(stream => target(ReadAll(stream)));
                return 0;
            default:
                Console.Error.WriteLine("Usage: Weft.Fuzz seeds DIR | replay DIR | " + string.Join(" | ", FuzzTargets.All.Keys));
                return 64;
        }
    }

    private static int Replay(string root)
    {
        int files = 0;
        foreach ((string name, FuzzTarget target) in FuzzTargets.All)
        {
            foreach ((string file, byte[] bytes) in Corpus.Read(root, name))
            {
                files++;
                try
                {
                    target(bytes);
                }
                catch (FuzzFailureException e)
                {
                    Console.Error.WriteLine($"{name}/{file}: {e.Message}");
                    return 1;
                }
            }
        }

        Console.WriteLine($"{files} inputs replayed");
        return 0;
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
