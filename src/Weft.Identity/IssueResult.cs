using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Weft.Identity;

/// <summary>Why a certificate was refused.</summary>
public enum IssueFault
{
    None,

    /// <summary>Not a single well-formed PKCS#10 request with a valid signature, or too large.</summary>
    BadRequest,

    /// <summary>The key's type or size is not allowed.</summary>
    BadKey,

    /// <summary>The key was certified for somebody else.</summary>
    KeyReused,

    /// <summary>The caller is not of this CA's trust domain.</summary>
    NotOurs,

    /// <summary>The caller asks too often.</summary>
    TooMany,
}

/// <summary>A certificate chain, or the reason why there is none. A refusal is a value: callers are peers.</summary>
public sealed record IssueResult
{
    private IssueResult()
    {
    }

    [MemberNotNullWhen(false, nameof(Chain))]
    public bool IsRefused => Chain is null;

    public IssueFault Fault { get; private init; }

    /// <summary>For the caller: what is wrong, without anything secret.</summary>
    public string Message { get; private init; } = "";

    /// <summary>PEM certificates, leaf first, root last.</summary>
    public IReadOnlyList<string>? Chain { get; private init; }

    public DateTimeOffset NotAfter { get; private init; }

    /// <summary>Hexadecimal, for the audit log.</summary>
    public string SerialNumber { get; private init; } = "";

    public static IssueResult Refused(IssueFault fault, string message) => new() { Fault = fault, Message = message };

    public static IssueResult Issued(IReadOnlyList<string> chain, DateTimeOffset notAfter, string serialNumber) =>
        new() { Chain = chain, NotAfter = notAfter, SerialNumber = serialNumber };
}
