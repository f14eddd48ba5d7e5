using System.Buffers;
using System.Text;
using Weft.Telemetry.Metrics;

namespace Weft.Telemetry.Tests.Metrics;

internal static class Exposition
{
    public static string Of(MetricRegistry registry)
    {
        var bytes = new ArrayBufferWriter<byte>();
        PrometheusText.Write(registry, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
