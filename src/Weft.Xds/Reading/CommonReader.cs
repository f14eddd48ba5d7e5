using System;
using Weft.Policy;
using Weft.Xds.Wire;
using Cidr = Weft.Xds.Proto.Config.Core.V3.CidrRange;
using Source = Weft.Xds.Proto.Config.Core.V3.ConfigSource;
using Data = Weft.Xds.Proto.Config.Core.V3.DataSource;
using Socket = Weft.Xds.Proto.Config.Core.V3.SocketAddress;

namespace Weft.Xds.Reading;

/// <summary>The small messages that all resources are made of. Pure; problems go to the report.</summary>
internal static class CommonReader
{
    /// <summary>google.protobuf.Duration is limited to about 10,000 years; ours end at one, which is longer than any timer.</summary>
    private const long MaxSeconds = 366L * 24 * 3600;

    public static TimeLimit Duration(in WireField field, string name, WalkReport report)
    {
        long seconds = 0;
        var nanos = 0;
        var reader = new WireReader(field.Bytes);
        while (reader.TryRead(out var part))
        {
            if (part.Number == 1) seconds = part.Int64;
            else if (part.Number == 2) nanos = part.Int32;
        }

        if (seconds < 0 || nanos < 0 || nanos > 999_999_999)
        {
            report.Add(name, "is not a valid duration: it must not be negative");
            return TimeLimit.Unset;
        }

        if (seconds > MaxSeconds) return TimeLimit.From(TimeSpan.FromSeconds(MaxSeconds));
        return TimeLimit.From(new TimeSpan((seconds * TimeSpan.TicksPerSecond) + (nanos / 100)));
    }

    /// <summary>A duration that must be above zero when it is there at all.</summary>
    public static TimeLimit PositiveDuration(in WireField field, string name, WalkReport report)
    {
        var limit = Duration(field, name, report);
        if (limit.IsSet && !limit.IsLimit) report.Add(name, "must be greater than 0s");
        return limit;
    }

    /// <summary>UInt32Value, Int32Value: the number, 0 for an empty message.</summary>
    public static uint Wrapped(in WireField field)
    {
        uint value = 0;
        var reader = new WireReader(field.Bytes);
        while (reader.TryRead(out var part))
        {
            if (part.Number == 1) value = part.UInt32;
        }

        return value;
    }

    /// <summary>BoolValue: false for an empty message.</summary>
    public static bool WrappedBool(in WireField field) => Wrapped(field) != 0;

    /// <summary>envoy.type.v3.Percent.</summary>
    public static double Percent(in WireField field, string name, WalkReport report)
    {
        double value = 0;
        var reader = new WireReader(field.Bytes);
        while (reader.TryRead(out var part))
        {
            if (part.Number == 1) value = part.Double;
        }

        if (value is >= 0 and <= 100) return value;
        report.Add(name, "must be between 0 and 100");
        return 0;
    }

    /// <summary>DataSource: inline bytes or text.</summary>
    public static byte[] InlineData(in WireField field)
    {
        var value = Array.Empty<byte>();
        var reader = new WireReader(field.Bytes);
        while (reader.TryRead(out var part))
        {
            if (part.Number is Data.InlineBytesFieldNumber or Data.InlineStringFieldNumber) value = part.Bytes.ToArray();
        }

        return value;
    }

    /// <summary>core.v3.Address with a TCP socket address whose host is an IP address.</summary>
    public static IpPort Address(in WireField field, WalkReport report)
    {
        var reader = new WireReader(field.Bytes);
        while (reader.TryRead(out var part))
        {
            if (part.Number != 1) continue;
            using (report.At("socket_address")) return SocketAddress(part.Bytes, report);
        }

        report.Add("socket_address", "is required");
        return default;
    }

    public static IpPort SocketAddress(ReadOnlySpan<byte> bytes, WalkReport report, bool mayBePortless = false)
    {
        string host = "";
        uint port = 0;
        var hasPort = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Socket.AddressFieldNumber: host = field.Text; break;
                case Socket.PortValueFieldNumber: (port, hasPort) = (field.UInt32, true); break;
                case Socket.ProtocolFieldNumber when field.Int32 != 0: report.Add("protocol", "must be TCP"); break;
            }
        }

        if (!hasPort && !mayBePortless) report.Add("port_value", "is required");
        if (port > 65535) report.Add("port_value", "must be at most 65535");
        if (IpAddress.TryParse(host, out var address)) return new IpPort(address, (int)(port & 0xffff));
        report.Add("address", $"'{host}' is not an IP address");
        return default;
    }

    public static CidrRange CidrRange(in WireField field, WalkReport report)
    {
        string prefix = "";
        uint length = 0;
        var reader = new WireReader(field.Bytes);
        while (reader.TryRead(out var part))
        {
            if (part.Number == Cidr.AddressPrefixFieldNumber) prefix = part.Text;
            else if (part.Number == Cidr.PrefixLenFieldNumber) length = Wrapped(part);
        }

        if (!IpAddress.TryParse(prefix, out var address))
        {
            report.Add("address_prefix", $"'{prefix}' is not an IP address");
            return default;
        }

        if (length > (address.IsV4 ? 32u : 128u)) report.Add("prefix_len", "is longer than the address");
        return new CidrRange(address, (int)Math.Min(length, 128));
    }

    /// <summary>A resource by name may come from the same stream only.</summary>
    public static void ConfigSource(in WireField field, WalkReport report)
    {
        var hasSource = false;
        var reader = new WireReader(field.Bytes);
        while (reader.TryRead(out var part))
        {
            if (part.Number is Source.AdsFieldNumber or Source.SelfFieldNumber) hasSource = true;
        }

        if (!hasSource) report.Add("", "must be ads or self");
    }

    /// <summary>The elements of a repeated varint field, packed or not.</summary>
    public static void Varints(in WireField field, Action<ulong> into)
    {
        if (field.Type == WireType.Varint)
        {
            into(field.Scalar);
            return;
        }

        var reader = new WireReader(field.Bytes);
        while (reader.TryReadPacked(out var value)) into(value);
    }

    /// <summary>An enum whose values Policy numbers as the proto does; others are refused.</summary>
    public static byte Enum(in WireField field, string name, int max, WalkReport report)
    {
        if (field.Scalar <= (ulong)max) return (byte)field.Scalar;
        report.Add(name, "has an unknown value");
        return 0;
    }
}
