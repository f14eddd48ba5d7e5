using System.Collections.Generic;
using System.Linq;
using System.Text;
using Weft.Fuzz;
using Weft.Http.Http1;
using Weft.Testing;

namespace Weft.Http.Tests.Http1;

/// <summary>Attacks of reference/attacks.md that must be refused, by number. Each runs whole, byte by byte, at every two-way cut and with bytes behind it.</summary>
public sealed class AttackTests
{
    private const string Behind = "GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n";

    public static TheoryData<string> Cases(string number) => [.. AttackCases.Of(number).Select(one => one.Name)];

    [Theory, MemberData(nameof(Cases), "T01")]
    public void T01_BothLengthAndChunked_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T02")]
    public void T02_TwoDifferentLengths_AreRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T03")]
    public void T03_TwoEqualLengths_AreRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T04")]
    public void T04_LengthThatIsNotPlainDigits_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T05")]
    public void T05_TransferEncodingThatIsNotJustChunked_IsRejected(string name) => Refuse(name, 400, 501);

    [Theory, MemberData(nameof(Cases), "T06")]
    public void T06_TransferEncodingInHttp10_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T07")]
    public void T07_ChunkedNotLast_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T08")]
    public void T08_ChunkSizeThatIsNotPlainHex_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T09")]
    public void T09_ChunkExtensionOutsideTheGrammar_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T10")]
    public void T10_ChunkWithoutItsLineEnd_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T11")]
    public void T11_TrailersThatFrameOrOverflow_AreRejected(string name) => Refuse(name, 400, 431);

    [Theory, MemberData(nameof(Cases), "T12")]
    public void T12_BareLineFeedOrReturn_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T13")]
    public void T13_ObsoleteFold_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T14")]
    public void T14_ControlCharacterAnywhere_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T15")]
    public void T15_EmptyHeaderName_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T16")]
    public void T16_HeaderNameThatIsNoToken_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T17")]
    public void T17_HostMissingTwiceOrInvalid_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T19")]
    public void T19_TargetOfNoForm_IsRejected(string name) => Refuse(name, 400, 501);

    [Theory, MemberData(nameof(Cases), "T20")]
    public void T20_StrangeMethod_IsRejected(string name) => Refuse(name, 400, 501);

    [Theory, MemberData(nameof(Cases), "T21")]
    public void T21_TooMuchOrFragment_IsRejected(string name) => Refuse(name, 400, 414, 431);

    [Theory, MemberData(nameof(Cases), "T22")]
    public void T22_OtherVersion_IsRejected(string name) => Refuse(name, 400, 505);

    [Theory, MemberData(nameof(Cases), "T26")]
    public void T26_ExpectationOrConnectionThatDesyncs_IsRejected(string name) => Refuse(name, 400, 417);

    [Theory, MemberData(nameof(Cases), "T29")]
    public void T29_ResponseWithTwoMeaningsOfItsEnd_IsRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T30")]
    public void T30_InterimResponsesOutOfHand_AreRejected(string name) => Refuse(name, 400);

    [Theory, MemberData(nameof(Cases), "T31")]
    public void T31_ResponseThatSplitsOrIsNone_IsRejected(string name) => Refuse(name, 400, 505);

    [Fact]
    public void Names_OfAllCases_AreDifferent() => Assert.Equal(AttackCases.All.Count, AttackCases.All.Select(one => one.Name).Distinct().Count());

    private static void Refuse(string name, params int[] statuses)
    {
        AttackCase attack = AttackCases.Named(name);
        Assert.Contains(Http1Faults.Status(attack.Fault), statuses);
        Refuse(attack, attack.Bytes);
        if (attack.Fault != Http1Fault.Truncated) Refuse(attack, attack.Bytes + Behind);
    }

    private static void Refuse(AttackCase attack, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        string expected = "fault " + Http1Faults.Name(attack.Fault);
        string? first = null;
        foreach (int[] pieces in Ways(bytes.Length))
        {
            string transcript = attack.IsResponse ? Http1Transcript.OfResponses(bytes, pieces, attack.Method) : Http1Transcript.OfRequests(bytes, pieces);
            Assert.EndsWith(expected, transcript, System.StringComparison.Ordinal);
            Assert.DoesNotContain("smuggled", transcript, System.StringComparison.Ordinal);
            first ??= transcript;
            Assert.Equal(first, transcript);
        }
    }

    // The transcript copies the rest of the input at each push: every cut of a long one would take minutes.
    private static IEnumerable<int[]> Ways(int length) => length <= 600 ? Splits.Of(length) : [[length], .. Splits.Sample(length, 8).Where(pieces => pieces.Length == 2), .. length < 10_000 ? new[] { Splits.ByteByByte(length) } : []];
}
