using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Weft.Control.Acceptance;
using Weft.Control.Model;
using Weft.Identity;
using Weft.Kubernetes;
using Weft.Serving.Authentication;
using Weft.Serving.Hosting;
using Weft.Serving.Publishing;
using Weft.Store;

namespace Weft.ControlHost;

/// <summary>Composition: state directory, CA, journal, source, publisher, server. Holds no logic of its own.</summary>
internal static class Weftd
{
    /// <summary>Runs until cancelled. Returns the exit code; 2 means that it could not start.</summary>
    public static async Task<int> RunAsync(WeftdOptions options, TextWriter log, CancellationToken stop)
    {
        LogLevel least = options.IsVerbose ? LogLevel.Debug : LogLevel.Information;
        using var provider = new StderrLogger(log, least, TimeProvider.System);
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.SetMinimumLevel(least).AddProvider(provider));
        ILogger logger = loggers.CreateLogger("Weft.ControlHost.Weftd");
        try
        {
            return await ServeAsync(options, loggers, logger, provider, stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or InvalidOperationException or ArgumentException or UnauthorizedAccessException or InsecureKeyFileException)
        {
            // What an operator can put right: said in one line, with the object it is about.
            Messages.CannotStart(logger, exception.Message);
            return 2;
        }
    }

    private static async Task<int> ServeAsync(WeftdOptions options, ILoggerFactory loggers, ILogger logger, StderrLogger provider, CancellationToken stop)
    {
        Directory.CreateDirectory(options.StateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string caDirectory = Path.Combine(options.StateDirectory, "ca");
        Directory.CreateDirectory(caDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using CertificateAuthority authority = CertificateAuthority.LoadOrCreate(caDirectory, new CaOptions { TrustDomain = options.TrustDomain }, DateTimeOffset.UtcNow);
        using var journal = new AcceptedJournal(Journal.Open(Path.Combine(options.StateDirectory, "accepted.journal")));
        using ApiEndpoint endpoint = ApiEndpoint.FromSource(options.Source);

        var settings = new MeshSettings
        {
            TrustDomain = options.TrustDomain,
            ClusterDomain = options.ClusterDomain,
            RootNamespace = options.RootNamespace,
            DefaultMutualTls = options.DefaultMutualTls,
            AccessLogPath = options.AccessLog,
            TrustBundlePem = authority.RootPem,
        };
        using var publisher = new MeshPublisher(settings, journal, loggers.CreateLogger<MeshPublisher>());
        publisher.LoadJournal();

        var server = new ControlServerOptions
        {
            Plaintext = options.Plaintext,
            Secure = options.Secure,
            Metrics = options.Metrics,
            Health = options.Health,
            DebugSocket = options.DebugSocket,
            RootNamespace = options.RootNamespace,
            DnsNames = options.DnsNames.Count > 0 ? options.DnsNames : [$"istiod.{options.RootNamespace}.svc", $"weftd.{options.RootNamespace}.svc"],
        };
        await using ControlServer doors = await ControlServer.StartAsync(
            server, publisher, authority, new Reviewer(new TokenReviewClient(endpoint)), l => l.AddProvider(provider), cancellation: stop).ConfigureAwait(false);
        Messages.Serving(logger, options.Secure?.ToString() ?? "none", options.Plaintext?.ToString() ?? "none", options.Source, Environment.TickCount64 - StartTicks());

        var source = new ApiObjectSource(endpoint);
        Task health = SourceHealth.WatchAsync(() => source.Problems, logger, stop);
        try
        {
            await publisher.RunAsync(source, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }

        await health.ConfigureAwait(false);
        Messages.Stopping(logger, doors.Registry.Count);
        return 0;
    }

    /// <summary>When this process began, on the clock of TickCount64.</summary>
    private static long StartTicks() =>
        Environment.TickCount64 - (long)(DateTime.UtcNow - System.Diagnostics.Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalMilliseconds;

    private sealed class Reviewer(TokenReviewClient client) : ITokenReviewer
    {
        public Task<TokenReviewVerdict> ReviewAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellation) =>
            client.ReviewAsync(token, audiences, cancellation);
    }
}
