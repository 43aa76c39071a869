using Ottla.Protocol;

namespace Ottla.Core.Controller;

/// <summary>Why a part of a request is refused.</summary>
/// <param name="Error">The error code of the answer.</param>
/// <param name="Message">What is wrong, for a person.</param>
internal sealed record RequestProblem(ErrorCode Error, string? Message);
