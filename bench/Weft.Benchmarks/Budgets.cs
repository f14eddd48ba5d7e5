using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace Weft.Benchmarks;

/// <summary>
/// Holds every benchmark to its line in budgets.json: runs it some thousand times and asks the runtime what it allocated. Quick enough for CI; a
/// benchmark without a line, and a line without a benchmark, fail too.
/// </summary>
internal static class Budgets
{
    private const int Runs = 5000;

    public static int Check()
    {
        Dictionary<string, long> allowed = Read();
        int failures = 0;
        foreach (MethodInfo method in Methods())
        {
            string name = $"{method.DeclaringType!.Name}.{method.Name}";
            if (!allowed.Remove(name, out long budget))
            {
                Console.Error.WriteLine($"{name}: no line in bench/budgets.json");
                failures++;
                continue;
            }

            double used = BytesPerOperation(method);
            Console.WriteLine($"{name}: {used:0.##} B/op, allowed {budget}");
            if (used > budget) failures++;
        }

        foreach (string name in allowed.Keys)
        {
            Console.Error.WriteLine($"{name}: in bench/budgets.json but no such benchmark");
            failures++;
        }

        return failures == 0 ? 0 : 1;
    }

    private static IEnumerable<MethodInfo> Methods() => typeof(Budgets).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null);

    private static double BytesPerOperation(MethodInfo method)
    {
        Action run = Bind(method, Activator.CreateInstance(method.DeclaringType!)!);
        for (int i = 0; i < Runs; i++) run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Runs; i++) run();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Runs;
    }

    /// <summary>A typed delegate: reflection would box every result.</summary>
    private static Action Bind(MethodInfo method, object target)
    {
        if (method.ReturnType == typeof(void)) return method.CreateDelegate<Action>(target);
        MethodInfo wrap = typeof(Budgets).GetMethod(nameof(Wrap), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(method.ReturnType);
        return (Action)wrap.Invoke(null, [method, target])!;
    }

    private static Action Wrap<T>(MethodInfo method, object target)
    {
        Func<T> function = method.CreateDelegate<Func<T>>(target);
        return () => function();
    }

    private static Dictionary<string, long> Read()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "budgets.json")));
        return json.RootElement.EnumerateObject().Where(line => line.Value.ValueKind == JsonValueKind.Number).ToDictionary(line => line.Name, line => line.Value.GetInt64());
    }
}
