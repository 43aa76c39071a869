using Ottla.Differential.Tests.Scripting;
using Ottla.Differential.Tests.Wire;

namespace Ottla.Differential.Tests.Running;

/// <summary>What one broker said to one step.</summary>
internal sealed record StepAnswer(ScriptStep Step, string Api, short Version, Answer Answer);
