using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading;

namespace Weft.Local.Pods;

/// <summary>
/// Gives addresses of one /16 to names. The same name gets the same address while nobody else has it, also after a restart: it
/// starts looking at the name's hash. Thread-safe.
/// </summary>
public sealed class AddressPool(byte first, byte second)
{
    /// <summary>The first 256 addresses are not given: .0.1 is the machine.</summary>
    private const int Reserved = 256;
    private const int Size = 65535 - Reserved;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _owners = [];
    private readonly Dictionary<string, int> _addresses = [];

    public IPAddress Rent(string name)
    {
        lock (_gate)
        {
            if (_addresses.TryGetValue(name, out int held))
            {
                return AddressOf(held);
            }

            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
            int start = (int)(BitConverter.ToUInt32(hash) % Size);
            for (int step = 0; step < Size; step++)
            {
                int offset = Reserved + ((start + step) % Size);
                if ((offset & 255) is not (0 or 255) && _owners.TryAdd(offset, name))
                {
                    _addresses[name] = offset;
                    return AddressOf(offset);
                }
            }

            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"all addresses of {first}.{second}.0.0/16 are taken"));
        }
    }

    /// <summary>Takes the address that <paramref name="name"/> already names in its manifest; false when another has it.</summary>
    public bool TryReserve(string name, IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        int offset = (bytes[2] << 8) | bytes[3];
        lock (_gate)
        {
            if (bytes[0] != first || bytes[1] != second || (_addresses.TryGetValue(name, out int held) && held == offset))
            {
                return true;
            }

            if (!_owners.TryAdd(offset, name))
            {
                return false;
            }

            if (_addresses.Remove(name, out int old))
            {
                _owners.Remove(old);
            }

            _addresses[name] = offset;
            return true;
        }
    }

    public void Return(string name)
    {
        lock (_gate)
        {
            if (_addresses.Remove(name, out int offset))
            {
                _owners.Remove(offset);
            }
        }
    }

    private IPAddress AddressOf(int offset) => new([first, second, (byte)(offset >> 8), (byte)offset]);
}
