using Ottla.Protocol;

namespace Ottla.Records.Validation;

/// <summary>Why a batch is refused as a whole.</summary>
internal readonly record struct Refusal(ErrorCode Error, string Message);
