namespace Weft.LoadBench;

/// <summary>Loopback ports of one peer's two processes: three kinds of work on the front, mutual TLS on the back.</summary>
internal sealed record Ports(int Plain, int Mtls, int Pair, int PairBack, int Admin, int AdminBack)
{
    public const int BackendPlain = 19000;
    public const int BackendTls = 19001;
    public const int Discovery = 19002;

    public static Ports From(int first) => new(first, first + 1, first + 2, first + 3, first + 4, first + 5);

    public int Of(Kind kind) => kind switch { Kind.Plain => Plain, Kind.Mtls => Mtls, _ => Pair };
}

/// <summary>plain: client → proxy → server. mtls: the second hop is mutual TLS. pair: client → proxy → mutual TLS → proxy → server.</summary>
internal enum Kind
{
    Plain,
    Mtls,
    Pair,
}
