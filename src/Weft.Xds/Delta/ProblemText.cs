using System.Globalization;
using System.Text;

namespace Weft.Xds.Delta;

/// <summary>The text of a NACK: one problem a line, bounded so that it always fits into a status message.</summary>
internal sealed class ProblemText
{
    private const int MaxLength = 16 * 1024;
    private readonly StringBuilder _text = new();
    private int _omitted;

    public void Add(string typeUrl, string name, string message) => Add($"{XdsTypes.ShortName(typeUrl)} {name}: {message}");

    public void Add(string line)
    {
        if (_text.Length + line.Length > MaxLength)
        {
            _omitted++;
            return;
        }

        if (_text.Length > 0) _text.Append('\n');
        _text.Append(line);
    }

    public override string ToString() =>
        _omitted == 0 ? _text.ToString() : string.Create(CultureInfo.InvariantCulture, $"{_text}\nand {_omitted} more");
}
