using System.Net;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Pods;

namespace Weft.Local.Controllers;

/// <summary>
/// Gives every Service its address before it is stored, as an API server does: no watcher ever sees one without. The same name
/// gets the same address, also after a restart.
/// </summary>
public sealed class ServiceAddresses(AddressPool pool)
{
    /// <summary>What to store for <paramref name="incoming"/>. Called under the store's writer lock: no I/O.</summary>
    public Resource Admit(Resource incoming)
    {
        if (incoming is not Resource<Service> service || service.Spec.IsHeadless || service.Spec.Type == "ExternalName")
        {
            return incoming;
        }

        string name = service.Namespace + "/" + service.Name;
        bool hasOwn = IPAddress.TryParse(service.Spec.ClusterIP, out IPAddress? wanted) && pool.TryReserve(name, wanted);
        if (hasOwn)
        {
            return incoming;
        }

        string address = pool.Rent(name).ToString();
        ResourceNode spec = (service.Content["spec"] ?? ResourceNode.Mapping())
            .With("clusterIP", address)
            .With("clusterIPs", ResourceNode.Sequence([(ResourceNode)address]));
        return service.WithContent(service.Content.With("spec", spec));
    }
}
