using System;
using System.Collections.Concurrent;
using System.Threading;
using Weft.Native.OpenSsl;

namespace Weft.Reactor.Tests;

/// <summary>A handler whose reactions a test gives as delegates, and which reports what it heard to the test's thread.</summary>
internal sealed class Probe : ILinkHandler, IAcceptHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly BlockingCollection<string> _events = [];

    public Action<Link>? Accepted { get; set; }

    public Action<Link>? Established { get; set; }

    public Action<Link>? Readable { get; set; }

    public Action<Link>? PeerEof { get; set; }

    public Action<Link>? Writable { get; set; }

    public Action<Link, LinkFault>? Closed { get; set; }

    public LinkFault Fault { get; private set; }

    public string PeerId { get; private set; } = string.Empty;

    public string RefusedId { get; private set; } = string.Empty;

    public TlsVersion Version { get; private set; }

    public string Alpn { get; private set; } = string.Empty;

    public string ServerName { get; private set; } = string.Empty;

    public Link? Link { get; private set; }

    public static Probe Echo() => new()
    {
        Readable = link =>
        {
            link.Send(link.Input);
            link.Consume(link.Input.Length);
        },
        PeerEof = link => link.ShutdownSend(),
    };

    public void OnEstablished(Link link)
    {
        Link = link;
        if (link.Tls is { } tls)
        {
            PeerId = System.Text.Encoding.UTF8.GetString(tls.PeerSpiffeId);
            Version = tls.Version;
            Alpn = System.Text.Encoding.UTF8.GetString(tls.Alpn);
            ServerName = System.Text.Encoding.UTF8.GetString(tls.ServerName);
        }

        Established?.Invoke(link);
        _events.Add("established");
    }

    public void OnReadable(Link link)
    {
        Readable?.Invoke(link);
        _events.Add("readable");
    }

    public void OnPeerEof(Link link)
    {
        PeerEof?.Invoke(link);
        _events.Add("eof");
    }

    public void OnWritable(Link link)
    {
        Writable?.Invoke(link);
        _events.Add("writable");
    }

    public void OnClosed(Link link, in LinkFault fault)
    {
        Fault = fault;
        RefusedId = link.Tls is { } tls ? System.Text.Encoding.UTF8.GetString(tls.RefusedSpiffeId) : string.Empty;
        Closed?.Invoke(link, fault);
        _events.Add("closed");
    }

    public ILinkHandler? OnAccepted(Link link)
    {
        Link = link;
        Accepted?.Invoke(link);
        _events.Add("accepted");
        return this;
    }

    /// <summary>Waits until <paramref name="name"/> is heard; what comes before it is skipped.</summary>
    public Probe Await(string name)
    {
        using CancellationTokenSource deadline = new(Patience);
        try
        {
            while (_events.Take(deadline.Token) != name)
            {
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("'" + name + "' was not heard in time; fault so far: " + Fault);
        }

        return this;
    }

    /// <summary>Waits for the end and returns why.</summary>
    public LinkFault AwaitClosed()
    {
        Await("closed");
        return Fault;
    }
}
