namespace Ottla.Core;

/// <summary>The answer to one waiting request.</summary>
/// <typeparam name="TReply">The machine's answer type.</typeparam>
/// <param name="Token">The request that is answered.</param>
/// <param name="Answer">What it is answered.</param>
/// <param name="AfterCommit">Whether the answer waits until the decision's records are committed.</param>
public readonly record struct Reply<TReply>(RequestToken Token, TReply Answer, bool AfterCommit);
