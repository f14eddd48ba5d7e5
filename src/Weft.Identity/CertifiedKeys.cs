using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace Weft.Identity;

/// <summary>
/// Which key was certified for whom, while such a certificate may still be valid: a key that two identities share lets one speak as the
/// other (attacks.md T60). The same identity may use its key again. Any thread.
/// </summary>
internal sealed class CertifiedKeys(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SpiffeId Owner, DateTimeOffset Until)> _owners = [];
    private readonly Queue<string> _order = [];

    public bool TryClaim(PublicKey key, SpiffeId owner, DateTimeOffset until, DateTimeOffset now)
    {
        var name = Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        lock (_lock)
        {
            if (_owners.TryGetValue(name, out var known))
            {
                if (known.Until > now && known.Owner != owner) return false;
                _owners[name] = (owner, until);
                return true;
            }

            while (_order.Count >= capacity) _owners.Remove(_order.Dequeue());
            _order.Enqueue(name);
            _owners[name] = (owner, until);
            return true;
        }
    }
}
