namespace Weft.Config;

/// <summary>The one table of what is honoured.</summary>
public static class HonouredFields
{
}
