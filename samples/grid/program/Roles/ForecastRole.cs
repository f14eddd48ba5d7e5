using System;
using System.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grid.Roles;

/// <summary>Tells tomorrow. Version v1 knows the demand only; v2 has learnt about the wind.</summary>
internal static class ForecastRole
{
    private static readonly int[] Demand =
        [410, 390, 380, 375, 380, 410, 480, 570, 640, 660, 655, 650, 645, 630, 620, 625, 650, 700, 740, 720, 660, 590, 510, 450];

    public static void Map(WebApplication app, string version)
    {
        Day day = new($"demand-{version}", Demand, [.. Enumerable.Range(0, 24).Select(hour => version == "v1" ? 0 : WindAt(hour))]);
        app.MapGet("/v1/day", () => day);
        app.MapGet("/v1/day/{hour:int}", (int hour) => hour is >= 0 and < 24
            ? Results.Text($"{day.Demand[hour]} MW demand, {day.Wind[hour]} MW wind\n")
            : Results.Text("an hour is 0 to 23\n", statusCode: 404));
    }

    private static int WindAt(int hour) => (int)(120 + (80 * Math.Sin((hour + 3) * Math.PI / 12)));
}
