using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Grid;

/// <summary>Forecast of one day: one figure an hour, in megawatts.</summary>
public sealed record Day(string Model, IReadOnlyList<int> Demand, IReadOnlyList<int> Wind);

/// <summary>What a district draws now, in megawatts.</summary>
public sealed record Reading(string District, int Megawatts);

public sealed record Readings(long Sequence, IReadOnlyList<Reading> Districts, int Total);

/// <summary>How much each plant is asked for now, in megawatts.</summary>
public sealed record Plan(string Model, int Demand, int Wind, int Hydro, int Gas, string ForecastServedBy, string MetersServedBy);

/// <summary>One settled quarter of an hour: energy in megawatt hours, price in cents.</summary>
public sealed record Entry(string Plant, int MegawattHours, int Cents);

public sealed record Ledger(long Count, IReadOnlyList<Entry> Last);

/// <summary>Everything that the picture shows. A part that could not be had is null and named in <see cref="Failures"/>.</summary>
public sealed record State(Plan? Plan, Readings? Readings, Ledger? Ledger, IReadOnlyDictionary<string, string> ServedBy, IReadOnlyDictionary<string, string> Failures);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Day))]
[JsonSerializable(typeof(Readings))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(Ledger))]
[JsonSerializable(typeof(State))]
internal sealed partial class GridJson : JsonSerializerContext;
