using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;

namespace Grid.Roles;

/// <summary>The districts' meters. The count of readings is kept in Redis, so that replicas agree on it.</summary>
internal static class MetersRole
{
    private static readonly (string Name, int Typical)[] Districts = [("harbour", 120), ("old town", 95), ("works", 210), ("hills", 70), ("airport", 60)];

    public static void Map(WebApplication app)
    {
        Store store = new();
        app.MapGet("/v1/readings", async () => await ReadAsync(store));
    }

    private static async Task<Readings> ReadAsync(Store store)
    {
        Reading[] readings = [.. Districts.Select(district => new Reading(district.Name, Vary(district.Typical)))];
        return new(await store.CountReadingAsync(), readings, readings.Sum(reading => reading.Megawatts));
    }

    private static int Vary(int typical) => typical + Random.Shared.Next(-typical / 10, (typical / 10) + 1);
}
