using System.Collections.Generic;

namespace Weft.Config.Core;

public sealed record Container
{
    public string Name { get; init; } = "";

    public string Image { get; init; } = "";

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Args { get; init; } = [];

    public string? WorkingDir { get; init; }

    public IReadOnlyList<ContainerPort> Ports { get; init; } = [];

    public IReadOnlyList<EnvVar> Env { get; init; } = [];

    public IReadOnlyList<EnvFrom> EnvFrom { get; init; } = [];

    public Probe? ReadinessProbe { get; init; }

    public Probe? LivenessProbe { get; init; }

    public Probe? StartupProbe { get; init; }
}

public sealed record ContainerPort
{
    public string Name { get; init; } = "";

    public int Number { get; init; }

    /// <summary>TCP, UDP or SCTP.</summary>
    public string Protocol { get; init; } = "TCP";
}

/// <summary>One environment variable; exactly one of the sources is set, else the value is empty.</summary>
public sealed record EnvVar
{
    public string Name { get; init; } = "";

    public string? Value { get; init; }

    /// <summary><c>valueFrom.fieldRef.fieldPath</c>: for example <c>metadata.name</c>.</summary>
    public string? FieldPath { get; init; }

    /// <summary><c>valueFrom.configMapKeyRef</c>.</summary>
    public KeyReference? ConfigMapKey { get; init; }

    /// <summary><c>valueFrom.secretKeyRef</c>.</summary>
    public KeyReference? SecretKey { get; init; }
}

public sealed record KeyReference(string Name, string Key, bool Optional);

/// <summary>All keys of a ConfigMap or Secret as variables.</summary>
public sealed record EnvFrom
{
    public string Prefix { get; init; } = "";

    public string? ConfigMap { get; init; }

    public string? Secret { get; init; }

    public bool Optional { get; init; }
}

/// <summary>A probe; exactly one of the actions is set in a valid object. Times in seconds with Kubernetes' defaults.</summary>
public sealed record Probe
{
    public HttpGetAction? HttpGet { get; init; }

    public TcpSocketAction? TcpSocket { get; init; }

    public IReadOnlyList<string>? Exec { get; init; }

    public GrpcAction? Grpc { get; init; }

    public int InitialDelaySeconds { get; init; }

    public int PeriodSeconds { get; init; } = 10;

    public int TimeoutSeconds { get; init; } = 1;

    public int SuccessThreshold { get; init; } = 1;

    public int FailureThreshold { get; init; } = 3;
}

public sealed record HttpGetAction
{
    public string Path { get; init; } = "/";

    public IntOrString Port { get; init; }

    public string? Host { get; init; }

    /// <summary>HTTP or HTTPS.</summary>
    public string Scheme { get; init; } = "HTTP";

    public IReadOnlyList<KeyValuePair<string, string>> HttpHeaders { get; init; } = [];
}

public sealed record TcpSocketAction(IntOrString Port, string? Host);

public sealed record GrpcAction(int Port, string? Service);
