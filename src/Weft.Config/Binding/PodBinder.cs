using System.Collections.Generic;
using Weft.Config.Core;

namespace Weft.Config;

/// <summary>Pods, containers and probes.</summary>
internal static class PodBinder
{
    internal static PodSpec Spec(FieldReader r)
    {
        r.Known("restartPolicy", "dnsPolicy", "enableServiceLinks", "schedulerName", "priorityClassName", "priority", "preemptionPolicy", "imagePullSecrets",
            "automountServiceAccountToken", "serviceAccount", "shareProcessNamespace", "setHostnameAsFQDN", "tolerations", "affinity", "nodeSelector",
            "topologySpreadConstraints", "runtimeClassName", "overhead", "readinessGates", "os", "schedulingGates", "securityContext", "resources",
            "resourceClaims", "hostIPC", "hostPID", "hostUsers", "activeDeadlineSeconds", "ephemeralContainers");
        r.Unused("volumes", "hostAliases", "dnsConfig");
        return new PodSpec
        {
            ServiceAccountName = r.String("serviceAccountName") is { Length: > 0 } name ? name : "default",
            NodeName = r.String("nodeName") ?? "",
            HostNetwork = r.Bool("hostNetwork") ?? false,
            Hostname = r.String("hostname"),
            Subdomain = r.String("subdomain"),
            Containers = r.List("containers", Container),
            InitContainers = r.List("initContainers", Container),
            TerminationGracePeriodSeconds = r.Int32("terminationGracePeriodSeconds", 0) ?? 30,
            Node = r.Node,
        };
    }

    internal static PodStatus Status(FieldReader r)
    {
        foreach (NodeEntry entry in r.Node.Entries)
        {
            r.Known(entry.Name);
        }

        return new PodStatus
        {
            Phase = r.String("phase") ?? "",
            PodIP = r.String("podIP") ?? "",
            PodIPs = r.List("podIPs", ip => ip.String("ip")),
            HostIP = r.String("hostIP") ?? "",
            Conditions = r.List("conditions", c =>
            {
                c.Known("lastProbeTime", "lastTransitionTime", "observedGeneration");
                return new PodCondition(c.String("type") ?? "", c.String("status") ?? "", c.String("reason") ?? "", c.String("message") ?? "");
            }),
        };
    }

    /// <summary>The <c>protocol</c> of a port: TCP unless it says otherwise.</summary>
    internal static string Transport(FieldReader r)
    {
        string protocol = r.String("protocol") ?? "TCP";
        if (protocol is not ("TCP" or "UDP" or "SCTP"))
        {
            r.FieldError("protocol", $"\"{protocol}\" is no transport protocol; use TCP, UDP or SCTP (what it carries belongs into appProtocol or the port's name).");
        }

        return protocol;
    }

    private static Container Container(FieldReader r)
    {
        r.Known("imagePullPolicy", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "securityContext", "stdin", "stdinOnce", "tty", "terminationMessagePath",
            "terminationMessagePolicy");
        r.Unused("volumeMounts", "volumeDevices", "lifecycle");
        return new Container
        {
            Name = r.RequiredString("name"),
            Image = r.String("image") ?? "",
            Command = r.Strings("command"),
            Args = r.Strings("args"),
            WorkingDir = r.String("workingDir"),
            Ports = r.List("ports", ContainerPort),
            Env = r.List("env", EnvVar),
            EnvFrom = r.List("envFrom", EnvFrom),
            ReadinessProbe = r.Object("readinessProbe", Probe),
            LivenessProbe = r.Object("livenessProbe", Probe),
            StartupProbe = r.Object("startupProbe", Probe),
        };
    }

    private static ContainerPort ContainerPort(FieldReader r)
    {
        r.Known("hostIP", "hostPort");
        if (!r.Has("containerPort"))
        {
            r.Missing("containerPort");
        }

        return new ContainerPort { Name = r.String("name") ?? "", Number = r.Int32("containerPort", 1, 65535) ?? 0, Protocol = Transport(r) };
    }

    private static EnvVar EnvVar(FieldReader r)
    {
        var variable = new EnvVar { Name = r.RequiredString("name"), Value = r.String("value") };
        if (variable.Value is not null && r.Has("valueFrom"))
        {
            r.FieldError("valueFrom", "value and valueFrom exclude each other; keep one.");
        }

        return r.Object("valueFrom", f =>
        {
            f.Unused("resourceFieldRef", "fileKeyRef");
            return variable with
            {
                FieldPath = f.Object("fieldRef", x =>
                {
                    x.Known("apiVersion");
                    return x.RequiredString("fieldPath");
                }),
                ConfigMapKey = f.Object("configMapKeyRef", KeyReference),
                SecretKey = f.Object("secretKeyRef", KeyReference),
            };
        }) ?? variable;
    }

    private static KeyReference KeyReference(FieldReader r) => new(r.RequiredString("name"), r.RequiredString("key"), r.Bool("optional") ?? false);

    private static EnvFrom EnvFrom(FieldReader r)
    {
        bool isOptional = false;
        string? Name(FieldReader f)
        {
            isOptional = f.Bool("optional") ?? false;
            return f.RequiredString("name");
        }

        string? configMap = r.Object("configMapRef", Name);
        string? secret = r.Object("secretRef", Name);
        return new EnvFrom { Prefix = r.String("prefix") ?? "", ConfigMap = configMap, Secret = secret, Optional = isOptional };
    }

    private static Probe Probe(FieldReader r)
    {
        r.Known("terminationGracePeriodSeconds");
        var probe = new Probe
        {
            HttpGet = r.Object("httpGet", h => new HttpGetAction
            {
                Path = h.String("path") is { Length: > 0 } path ? path : "/",
                Port = Port(h),
                Host = h.String("host"),
                Scheme = h.String("scheme") ?? "HTTP",
                HttpHeaders = [.. Headers(h)],
            }),
            TcpSocket = r.Object("tcpSocket", t => new TcpSocketAction(Port(t), t.String("host"))),
            Exec = r.Object("exec", e => e.Strings("command")),
            Grpc = r.Object("grpc", g => new GrpcAction(g.Int32("port", 1, 65535) ?? 0, g.String("service"))),
            InitialDelaySeconds = r.Int32("initialDelaySeconds", 0) ?? 0,
            PeriodSeconds = r.Int32("periodSeconds", 0) is > 0 and { } period ? period : 10,
            TimeoutSeconds = r.Int32("timeoutSeconds", 0) is > 0 and { } timeout ? timeout : 1,
            SuccessThreshold = r.Int32("successThreshold", 0) is > 0 and { } success ? success : 1,
            FailureThreshold = r.Int32("failureThreshold", 0) is > 0 and { } failure ? failure : 3,
        };
        int actions = (probe.HttpGet is null ? 0 : 1) + (probe.TcpSocket is null ? 0 : 1) + (probe.Exec is null ? 0 : 1) + (probe.Grpc is null ? 0 : 1);
        if (actions != 1)
        {
            r.Error("A probe needs exactly one of httpGet, tcpSocket, exec and grpc.");
        }

        return probe;
    }

    private static IntOrString Port(FieldReader r)
    {
        if (!r.Has("port"))
        {
            r.Missing("port");
        }

        return r.IntOrString("port") ?? default;
    }

    private static List<KeyValuePair<string, string>> Headers(FieldReader r)
    {
        var headers = new List<KeyValuePair<string, string>>();
        r.List<object>("httpHeaders", h =>
        {
            headers.Add(new(h.RequiredString("name"), h.String("value") ?? ""));
            return null;
        });
        return headers;
    }
}
