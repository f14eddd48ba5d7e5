using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Weft.Native.OpenSsl;

namespace Weft.Reactor.Tests;

/// <summary>Our client and our server with one certificate each, on one loop.</summary>
internal sealed class TlsPair : IDisposable
{
    private readonly Leaf _clientLeaf;
    private readonly Leaf _serverLeaf;
    private readonly Authority _serverTrusts;
    private readonly Authority _clientTrusts;
    private TlsContext? _clientContext;
    private TlsContext? _serverContext;

    public TlsPair(Leaf client, Leaf server, Authority clientTrusts, Authority serverTrusts)
    {
        _clientLeaf = client;
        _serverLeaf = server;
        _clientTrusts = clientTrusts;
        _serverTrusts = serverTrusts;
        ServerProbe.Accepted = link => link.StartTls(_serverContext!, Server);
        Mesh = new Mesh(ServerProbe);
    }

    public Mesh Mesh { get; }

    public Probe ServerProbe { get; } = Probe.Echo();

    public Probe ClientProbe { get; } = new();

    public string[] ServerAlpn { get; init; } = [];

    public bool ClientHasCertificate { get; init; } = true;

    public TlsClientOptions Client { get; init; } = new() { Expected = PeerExpectation.TrustDomains(["cluster.local"]) };

    public TlsServerOptions Server { get; init; } = new() { Expected = PeerExpectation.TrustDomains(["cluster.local"]) };

    public void Connect()
    {
        _serverContext = _serverLeaf.Context(TlsRole.Server, _serverTrusts, true, ServerAlpn);
        _clientContext = ClientHasCertificate
            ? _clientLeaf.Context(TlsRole.Client, _clientTrusts)
            : TlsContext.Create(new TlsContextOptions { Role = TlsRole.Client, TrustBundlePem = _clientTrusts.Bundle });
        Mesh.Do(loop => loop.Connect(
            new ConnectOptions { Destination = Mesh.Address, TlsContext = _clientContext, Tls = Client },
            ClientProbe));
    }

    public void DisposeContexts()
    {
        _clientContext?.Dispose();
        _serverContext?.Dispose();
    }

    public void Dispose()
    {
        Mesh.Dispose();
        DisposeContexts();
        _clientLeaf.Dispose();
        _serverLeaf.Dispose();
    }
}

/// <summary>Writes one byte per send: the record layer at the other end never gets a whole record at once.</summary>
internal sealed class DripStream(Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
        for (int index = 0; index < count; index++)
        {
            inner.Write(buffer, offset + index, 1);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (int index = 0; index < buffer.Length; index++)
        {
            await inner.WriteAsync(buffer.Slice(index, 1), cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
