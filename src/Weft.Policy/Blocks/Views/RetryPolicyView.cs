using System;

namespace Weft.Policy.Blocks;

/// <summary>Reads one retry policy of a VirtualHost block; <c>default</c> or index -1 is "no retries".</summary>
public readonly ref struct RetryPolicyView
{
    private readonly BlockView _block;
    private readonly int _indexPlusOne;

    public RetryPolicyView(BlockView block, int index)
    {
        _block = block;
        _indexPlusOne = index + 1;
    }

    public bool IsEmpty => _indexPlusOne == 0;

    public ref readonly RetryPolicyRecord Root => ref _block.At<RetryPolicyRecord>(BlockSection.RetryPolicies, _indexPlusOne - 1);

    public ReadOnlySpan<int> RetriableStatusCodes => _block.Numbers(Root.RetriableStatusCodes);
}
