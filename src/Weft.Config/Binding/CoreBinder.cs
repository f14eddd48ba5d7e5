using System;
using System.Collections.Generic;
using System.Text;
using Weft.Config.Core;

namespace Weft.Config;

/// <summary>Kubernetes' own kinds, from root mapping to record. Fields that only a cluster acts on are known by name.</summary>
internal static class CoreBinder
{
    internal static Namespace Namespace(FieldReader r)
    {
        r.Known("spec");
        return new Namespace { Phase = Status(r, s => s.String("phase") ?? "", "conditions") ?? "" };
    }

    internal static Node Node(FieldReader r)
    {
        r.Known("spec");
        IReadOnlyList<NodeAddress>? addresses = Status<IReadOnlyList<NodeAddress>>(r, s =>
        {
            IReadOnlyList<NodeAddress> found = s.List("addresses", a => new NodeAddress(a.String("type") ?? "", a.String("address") ?? ""));
            SilenceRest(s);
            return found;
        });
        return new Node { Addresses = addresses ?? [] };
    }

    internal static Pod Pod(FieldReader r) => new()
    {
        Spec = r.Object("spec", PodBinder.Spec) ?? new PodSpec(),
        Status = r.Object("status", PodBinder.Status) ?? new PodStatus(),
    };

    internal static ServiceAccount ServiceAccount(FieldReader r)
    {
        r.Known("secrets", "imagePullSecrets", "automountServiceAccountToken");
        return new ServiceAccount();
    }

    internal static Secret Secret(FieldReader r)
    {
        r.Known("immutable");
        var data = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach ((string key, byte[] value) in Base64(r, "data"))
        {
            data[key] = value;
        }

        foreach ((string key, string value) in r.Pairs("stringData"))
        {
            data[key] = Encoding.UTF8.GetBytes(value);
        }

        return new Secret { Type = r.String("type") ?? "Opaque", Data = data };
    }

    internal static ConfigMap ConfigMap(FieldReader r)
    {
        r.Known("immutable");
        var binary = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach ((string key, byte[] value) in Base64(r, "binaryData"))
        {
            binary[key] = value;
        }

        return new ConfigMap { Data = r.StringMap("data"), BinaryData = binary };
    }

    internal static Service Service(FieldReader r)
    {
        SilenceStatus(r);
        return r.Object("spec", ServiceSpec) ?? new Service();
    }

    internal static EndpointSlice EndpointSlice(FieldReader r) => new()
    {
        AddressType = r.RequiredString("addressType"),
        Ports = r.List("ports", p => new EndpointPort
        {
            Name = p.String("name") ?? "",
            Port = p.Int32("port", 1, 65535),
            Protocol = p.String("protocol") ?? "TCP",
            AppProtocol = p.String("appProtocol"),
        }),
        Endpoints = r.List("endpoints", Endpoint),
    };

    internal static Deployment Deployment(FieldReader r)
    {
        SilenceStatus(r);
        return r.Object("spec", DeploymentSpec) ?? Lacking(r);
    }

    private static Deployment Lacking(FieldReader r)
    {
        r.Missing("spec");
        return new Deployment();
    }

    private static Deployment DeploymentSpec(FieldReader r)
    {
        r.Known("revisionHistoryLimit", "progressDeadlineSeconds");
        var deployment = new Deployment
        {
            Replicas = r.Int32("replicas", 0) ?? 1,
            Selector = r.Object("selector", SelectorBinder.LabelSelector) ?? LabelSelector.Nothing,
            Template = r.Object("template", Template) ?? new PodTemplate(),
            Strategy = r.Object("strategy", Strategy) ?? new DeploymentStrategy(),
            MinReadySeconds = r.Int32("minReadySeconds", 0) ?? 0,
            Paused = r.Bool("paused") ?? false,
        };
        if (!r.Has("selector"))
        {
            r.Missing("selector");
        }
        else if (!r.Has("template"))
        {
            r.Missing("template");
        }
        else if (!deployment.Selector.Matches(deployment.Template.Metadata.Labels))
        {
            r.FieldError("selector", "The selector does not select the template's own labels; make spec.template.metadata.labels hold what spec.selector asks for.");
        }

        return deployment;
    }

    private static PodTemplate Template(FieldReader r) => new()
    {
        Metadata = r.Object("metadata", m => MetaBinder.Bind(m, isTemplate: true)) ?? new ObjectMeta(),
        Spec = r.Object("spec", PodBinder.Spec) ?? new PodSpec(),
    };

    private static DeploymentStrategy Strategy(FieldReader r)
    {
        var strategy = new DeploymentStrategy { Type = r.String("type") ?? "RollingUpdate" };
        if (strategy.Type is not ("RollingUpdate" or "Recreate"))
        {
            r.FieldError("type", $"\"{strategy.Type}\" is no deployment strategy; use RollingUpdate or Recreate.");
        }

        return r.Object("rollingUpdate", u => strategy with
        {
            MaxSurge = u.IntOrString("maxSurge") ?? strategy.MaxSurge,
            MaxUnavailable = u.IntOrString("maxUnavailable") ?? strategy.MaxUnavailable,
        }) ?? strategy;
    }

    private static Service ServiceSpec(FieldReader r)
    {
        r.Known("ipFamilies", "ipFamilyPolicy", "externalTrafficPolicy", "healthCheckNodePort", "loadBalancerIP", "loadBalancerSourceRanges",
            "loadBalancerClass", "allocateLoadBalancerNodePorts", "sessionAffinityConfig");
        var service = new Service
        {
            Type = r.String("type") ?? "ClusterIP",
            ClusterIP = r.String("clusterIP") ?? "",
            ClusterIPs = r.Strings("clusterIPs"),
            ExternalIPs = r.Strings("externalIPs"),
            ExternalName = r.String("externalName"),
            Selector = r.StringMap("selector"),
            Ports = r.List("ports", ServicePort),
            PublishNotReadyAddresses = r.Bool("publishNotReadyAddresses") ?? false,
            SessionAffinity = r.String("sessionAffinity") ?? "None",
            TrafficDistribution = r.String("trafficDistribution"),
            InternalTrafficPolicy = r.String("internalTrafficPolicy"),
        };
        if (service.Type is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
        {
            r.FieldError("type", $"\"{service.Type}\" is no service type; use ClusterIP, NodePort, LoadBalancer or ExternalName.");
        }

        CheckPorts(r, service.Ports);
        return service;
    }

    private static void CheckPorts(FieldReader r, IReadOnlyList<ServicePort> ports)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(int, string)>();
        foreach (ServicePort port in ports)
        {
            if (ports.Count > 1 && port.Name.Length == 0)
            {
                r.FieldError("ports", $"Port {port.Port} needs a name, because the service has more than one port.", DiagnosticCodes.Required);
            }
            else if (port.Name.Length > 0 && !names.Add(port.Name))
            {
                r.FieldError("ports", $"Two ports are named \"{port.Name}\"; give each its own name.");
            }

            if (!numbers.Add((port.Port, port.Protocol)))
            {
                r.FieldError("ports", $"Port {port.Port}/{port.Protocol} is written twice; remove one.");
            }
        }
    }

    private static ServicePort ServicePort(FieldReader r)
    {
        int port = r.Int32("port", 1, 65535) ?? 0;
        if (!r.Has("port"))
        {
            r.Missing("port");
        }

        return new ServicePort
        {
            Name = r.String("name") ?? "",
            Port = port,
            TargetPort = r.IntOrString("targetPort") ?? port,
            Protocol = PodBinder.Transport(r),
            AppProtocol = r.String("appProtocol"),
            NodePort = r.Int32("nodePort", 0, 65535) ?? 0,
        };
    }

    private static Endpoint Endpoint(FieldReader r)
    {
        r.Known("deprecatedTopology", "hints");
        (bool? ready, bool? serving, bool? terminating) = (null, null, null);
        r.Object<object>("conditions", c =>
        {
            ready = c.Bool("ready");
            serving = c.Bool("serving");
            terminating = c.Bool("terminating");
            return null;
        });
        return new Endpoint
        {
            Addresses = r.Strings("addresses"),
            IsReady = ready ?? true,
            IsServing = serving ?? ready ?? true,
            IsTerminating = terminating ?? false,
            Hostname = r.String("hostname"),
            NodeName = r.String("nodeName"),
            Zone = r.String("zone"),
            TargetRef = r.Object("targetRef", t =>
            {
                t.Known("apiVersion", "fieldPath", "resourceVersion", "uid");
                return new ObjectReference(t.String("kind") ?? "", t.String("namespace") ?? "", t.String("name") ?? "");
            }),
        };
    }

    private static IEnumerable<(string Key, byte[] Value)> Base64(FieldReader r, string name)
    {
        foreach ((string key, string text) in r.Pairs(name))
        {
            byte[] bytes = new byte[(text.Length * 3 / 4) + 3];
            if (Convert.TryFromBase64String(text, bytes, out int length))
            {
                yield return (key, bytes[..length]);
            }
            else
            {
                r.FieldError(name, $"The value of \"{key}\" is not base64; encode it, or write it as text under stringData.");
            }
        }
    }

    private static T? Status<T>(FieldReader r, Func<FieldReader, T> bind, params string[] known)
        where T : class =>
        r.Object("status", s =>
        {
            s.Known(known);
            return bind(s);
        });

    private static void SilenceStatus(FieldReader r) => r.Known("status");

    private static void SilenceRest(FieldReader r)
    {
        foreach (NodeEntry entry in r.Node.Entries)
        {
            r.Known(entry.Name);
        }
    }
}
