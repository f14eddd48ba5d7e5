using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using Weft.Fuzz;
using Weft.Testing;

namespace Weft.Http.Tests.Fuzzing;

/// <summary>Replays the corpus and a bounded number of seeded mutations of it. Real fuzzing is separate: fuzz/README.md.</summary>
public sealed class FuzzTests
{
    private static readonly string CorpusRoot = Path.Combine(RepositoryPaths.Root, "fuzz", "corpus");

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Keys];

    [Theory, MemberData(nameof(Targets))]
    public void Corpus_EveryInput_BreaksNoPromise(string target)
    {
        (string Name, byte[] Bytes)[] inputs = [.. Corpus.Read(CorpusRoot, target)];
        Assert.NotEmpty(inputs);
        foreach ((string name, byte[] bytes) in inputs) Run(target, bytes, name);
    }

    [Theory, MemberData(nameof(Targets))]
    public void Mutations_Seeded_BreakNoPromise(string target)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("WEFT_FUZZ_SEED"), out int chosen) ? chosen : 1;
        int seconds = int.TryParse(Environment.GetEnvironmentVariable("WEFT_FUZZ_SECONDS"), out int longer) ? longer : 1;
        var random = new Random(seed);
        List<byte[]> seeds = [.. Corpus.Read(CorpusRoot, target).Select(one => one.Bytes).Where(bytes => bytes.Length < 1024)];
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        for (; runs < 20_000 * seconds && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; runs++)
        {
            Run(target, Mutator.Mutate(seeds[random.Next(seeds.Count)], random), $"mutation {runs} of WEFT_FUZZ_SEED={seed}");
        }

        Assert.True(runs > 0);
    }

    [Fact]
    public void Corpus_OnDisk_HoldsEveryGeneratedSeed()
    {
        foreach ((string target, string file, byte[] bytes) in Corpus.Generated())
        {
            string path = Path.Combine(CorpusRoot, target, file);
            Assert.True(File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes), $"{path} is missing or old: dotnet run --project fuzz/Weft.Fuzz -- seeds fuzz/corpus");
        }
    }

    private static void Run(string target, byte[] bytes, string name)
    {
        try
        {
            FuzzTargets.All[target](bytes);
        }
        catch (Exception e)
        {
            throw new FuzzFailureException($"{target}, {name}: {e.Message}\ninput: {Convert.ToBase64String(bytes)}\n{Encoding.Latin1.GetString(bytes)}", e);
        }
    }
}
