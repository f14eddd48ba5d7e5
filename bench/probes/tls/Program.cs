// What does a custom BIO cost beside memory BIOs and SSL_set_fd? Server CPU per request and private memory per idle connection.
//   nice dotnet run -c Release --project bench/probes/tls -- [rounds] [seconds] [responseBytes]
// One server thread with a bare epoll loop per way, the client is a process of its own; ways take turns within each round.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using Weft.Buffers;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;
using Weft.Probes.Tls;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["client", ..])
{
    return Client.Run(int.Parse(args[1], null), int.Parse(args[2], null), double.Parse(args[3], null), int.Parse(args[4], null));
}

if (args is ["memory", ..])
{
    // Its own process, so that what another way left behind is not counted.
    return new Server(args[1], 1024).ReportMemory(1000);
}

int rounds = args.Length > 0 ? int.Parse(args[0], null) : 5;
double seconds = args.Length > 1 ? double.Parse(args[1], null) : 3;
int responseBytes = args.Length > 2 ? int.Parse(args[2], null) : 1024;
string[] ways = ["bio", "memory", "fd"];
Dictionary<string, List<double>> results = ways.ToDictionary(way => way, _ => new List<double>());
foreach (string way in ways)
{
    new Server(way, responseBytes).Measure(1);
}

for (int round = 0; round < rounds; round++)
{
    foreach (string way in ways.Skip(round % 3).Concat(ways.Take(round % 3)))
    {
        results[way].Add(new Server(way, responseBytes).Measure(seconds));
    }
}

Console.WriteLine($"{rounds} rounds x {seconds} s, 64 connections, {responseBytes} B answers: server CPU, us/request");
foreach (string way in ways)
{
    List<double> sorted = [.. results[way].Order()];
    double[] ratios = [.. results[way].Zip(results["fd"], (one, fd) => one / fd).Order()];
    Console.WriteLine($"  {way,-7} median {sorted[sorted.Count / 2],6:F2}  ({sorted[0]:F2}-{sorted[^1]:F2})  / fd {ratios[ratios.Length / 2]:F3}");
}

Console.WriteLine("private memory per idle connection (1,000 connections, each after one request), KiB");
foreach (string way in ways)
{
    using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Client.SelfArguments("memory " + way)))!;
    child.WaitForExit();
}

return 0;

/// <summary>A bare server: accept, handshake, answer every 100-byte request with so many bytes.</summary>
internal sealed class Server
{
    private readonly string _way;
    private readonly byte[] _answer;
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private readonly TlsWorkspace _workspace = new(new SlabPool());
    private readonly TlsContext? _context;
    private readonly nint _raw;
    private readonly SocketFd _listener;
    private readonly EpollSet _epoll = new(256);
    private readonly List<(int Descriptor, Way Way)> _links = [];
    private readonly List<bool> _ready = [];

    public Server(string way, int responseBytes)
    {
        _way = way;
        _answer = new byte[responseBytes];
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=probe", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        string pem = certificate.ExportCertificatePem();
        string keyPem = key.ExportPkcs8PrivateKeyPem();
        if (way == "bio")
        {
            _context = TlsContext.Create(new TlsContextOptions
            {
                Role = TlsRole.Server,
                CertificateChainPem = Encoding.ASCII.GetBytes(pem),
                PrivateKeyPem = Encoding.ASCII.GetBytes(keyPem),
                RequireClientCertificate = false,
            });
        }
        else
        {
            string folder = Directory.CreateTempSubdirectory("weft-probe").FullName;
            File.WriteAllText(folder + "/cert.pem", pem);
            File.WriteAllText(folder + "/key.pem", keyPem);
            _raw = Way.RawContext(folder + "/cert.pem", folder + "/key.pem");
            Directory.Delete(folder, recursive: true);
        }

        IpEndpoint address = IpEndpoint.IPv4(0x7F000001, 0);
        _listener = new SocketFd(Sockets.OpenStream(address).Value);
        Sockets.Bind(_listener, address);
        Sockets.Listen(_listener, 4096);
        SocketOptions.NoDelay(_listener);
        _epoll.Add(_listener.Number, EpollEvents.In, ulong.MaxValue);
    }

    public double Measure(double seconds)
    {
        using Process client = Client.Start(Sockets.LocalAddress(_listener).Port, 64, seconds + 1, _answer.Length);
        long requests = 0;
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < 0.8)
        {
            requests += Turn();
        }

        requests = 0;
        double before = OpenSsl.ThreadCpuMicroseconds();
        clock.Restart();
        while (clock.Elapsed.TotalSeconds < seconds - 0.2)
        {
            requests += Turn();
        }

        double used = OpenSsl.ThreadCpuMicroseconds() - before;
        while (!client.HasExited)
        {
            Turn();
        }

        _links.ForEach(link => Sockets.Close(new SocketFd(link.Descriptor)));
        Sockets.Close(_listener);
        return used / Math.Max(requests, 1);
    }

    public int ReportMemory(int connections)
    {
        // Code, OpenSSL's tables and this process's own buffers must be there before the count begins.
        Hold(50);
        long before = PrivateKiB();
        Hold(connections);
        long after = PrivateKiB();
        Console.WriteLine($"  {_way,-7} {(after - before) / (double)connections,6:F1}");
        return 0;
    }

    private void Hold(int connections)
    {
        // Not disposed of: the client stays until its input ends with this process, and so do its connections.
        Process client = Client.Start(Sockets.LocalAddress(_listener).Port, connections, 0, _answer.Length);
        long requests = 0;
        while (requests < connections && !client.HasExited)
        {
            requests += Turn();
        }

        Thread.Sleep(100);
        OpenSsl.malloc_trim(0);
    }

    private static long PrivateKiB()
    {
        GC.Collect();
        OpenSsl.malloc_trim(0);
        return File.ReadLines("/proc/self/smaps_rollup").Where(line => line.StartsWith("Private_Dirty", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], null)).Sum();
    }

    private long Turn()
    {
        long requests = 0;
        int count = _epoll.Wait(100).Count;
        for (int index = 0; index < count; index++)
        {
            _epoll.Read(index, out _, out ulong data);
            if (data == ulong.MaxValue)
            {
                Accept();
                continue;
            }

            int at = (int)data;
            (int descriptor, Way way) = _links[at];
            if (!_ready[at])
            {
                _ready[at] = way.Handshake();
                if (!_ready[at])
                {
                    continue;
                }
            }

            int read = way.Read(_scratch);
            if (read == 100)
            {
                way.Write(_answer);
                requests++;
            }
            else if (read < 0)
            {
                _epoll.Remove(descriptor);
            }
        }

        return requests;
    }

    private void Accept()
    {
        IoResult accepted = Sockets.Accept(_listener, out _);
        if (!accepted.IsOk)
        {
            return;
        }

        Way way = _way switch
        {
            "bio" => new BioWay(_context!, _workspace, accepted.Value),
            "memory" => new MemoryWay(_raw, accepted.Value),
            _ => new FdWay(_raw, accepted.Value, server: true),
        };
        _links.Add((accepted.Value, way));
        _ready.Add(false);
        _epoll.Add(accepted.Value, EpollEvents.In | EpollEvents.EdgeTriggered, (ulong)(_links.Count - 1));
    }
}

/// <summary>The load: so many connections, one request each in flight. With 0 seconds: one request each, then it holds the connections.</summary>
internal static class Client
{
    public static Process Start(int port, int connections, double seconds, int responseBytes) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, SelfArguments($"client {port} {connections} {seconds} {responseBytes}")) { RedirectStandardInput = true })!;

    public static string SelfArguments(string rest) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.GetCommandLineArgs()[0] + " " + rest : rest;

    public static int Run(int port, int connections, double seconds, int responseBytes)
    {
        nint context = Way.RawContext(string.Empty, string.Empty);
        byte[] request = new byte[100];
        byte[] scratch = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
        FdWay[] links = new FdWay[connections];
        bool[] ready = new bool[connections];
        int[] expected = new int[connections];
        using EpollSet epoll = new(256);
        IpEndpoint address = IpEndpoint.IPv4(0x7F000001, port);
        for (int index = 0; index < connections; index++)
        {
            SocketFd socket = new(Sockets.OpenStream(address).Value);
            SocketOptions.NoDelay(socket);
            Sockets.Connect(socket, address);
            links[index] = new FdWay(context, socket.Number, server: false);
            epoll.Add(socket.Number, EpollEvents.In | EpollEvents.Out | EpollEvents.EdgeTriggered, (ulong)index);
        }

        Stopwatch clock = Stopwatch.StartNew();
        int answered = 0;
        while (seconds > 0 ? clock.Elapsed.TotalSeconds < seconds : answered < connections)
        {
            int count = epoll.Wait(50).Count;
            for (int at = 0; at < count; at++)
            {
                epoll.Read(at, out _, out ulong data);
                int index = (int)data;
                if (!ready[index])
                {
                    ready[index] = links[index].Handshake();
                    if (ready[index])
                    {
                        expected[index] = responseBytes;
                        links[index].Write(request);
                    }

                    continue;
                }

                while (links[index].Read(scratch) is int read and > 0)
                {
                    expected[index] -= read;
                }

                if (expected[index] == 0)
                {
                    answered++;
                    if (seconds > 0)
                    {
                        expected[index] = responseBytes;
                        links[index].Write(request);
                    }
                }
            }
        }

        if (seconds == 0)
        {
            // Until the server's process is gone.
            Console.In.ReadToEnd();
        }

        return 0;
    }
}
