using Ottla.Core.Patterns;

namespace Ottla.Core.Tests.Patterns;

/// <summary>The verdicts are those of the library that Apache Kafka 4.3.1 comes with.</summary>
public sealed class Re2SyntaxTests
{
    public static TheoryData<string> Valid =>
    [
        "", @"a*?", @"a{1000}", @"(a{1000}){2}", @"(a{500}){2}", @"((a{10}){10}){11}", @"a{,3}", @"a{01}", @"{", @"(?i)a", @"a(?i)*",
        @"(?)", @"(?i-s:x)", @"(?P<n>x)", @"(?<n>x)", @"\12", @"\0", @"\x41", @"\x{10ffff}", @"\Q(*\E", @"\Qabc", @"\z", @"\pN",
        @"\p{Greek}", @"\p{^Lu}", @"\_", @"\é", @"\-", @"\/", @"[]a]", @"[^]a]", @"[a-z-9]", @"[\d-z]", @"[--z]", @"[[:alpha:]]",
        @"[[:^alpha:]]", @"[[:alpha]", @"[\x41-\x5a]", @"[\pN]", @"|", @"(|a)", @"()*", @"^*", @"$+", @"\b*", @"\b+", @"x{2}?", @"\A+",
        @"\Qa\E*", @"(?s)x", @"(?U)x", @"(?P<1>x)", @"[[:word:]]", @"[a-]", @"[-a]", @"\a\f\n\r\t\v", @"\d\D\s\S\w\W", @"(?ii)x",
        @"(?i-i)x", @"a{3", @"a{3,", @"a{3,4", @"a{3,x}", @"a{-1}", @"\p{Lu}\p{L}\P{Any}", @"\p{Any}", @"\pLu", @"()", @"a{0}",
        @"(a{0}){1000}",
    ];

    public static TheoryData<string> Invalid =>
    [
        @"a**", @"a*??", @"a{2}*", @"a{1001}", @"a{2,1}", @"(?i)*", @"(?-)", @"(?P<n>x)(?P<n>y)", @"(?P<>x)", @"(?P=n)", @"(?=x)",
        @"(?!x)", @"(?>x)", @"(a)\1", @"\8", @"\x{110000}", @"\x4", @"\E", @"\C", @"\Z", @"\G", @"\pX", @"\p{", @"\q", @"\", @"[a",
        @"[]", @"[^]", @"[z-a]", @"[a-\d]", @"[[:nope:]]", @"[[::alpha:]]", @"[[:]", @"{*", @"[\Qa\E]", @"[\b]", @"[\1]", @"(", @")",
        @"a)", @"(a", @"x{2}{3}", @"\Q\E*", @"\Qab\E**", @"a{99999999999}", @"(?i", @"(?P<n", @"(?i:", @"(?x)x", @"(?P<a-b>x)", @"a|*",
        @"(*)", @"(?:*)", @"[a-\]", @"\e", @"\h", @"[\h]", @"(?i-)x", @"(?--i)", @"(()", @"(){1001}",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void What_RE2_takes_is_valid(string pattern) => Assert.True(Re2Syntax.IsValid(pattern));

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_RE2_refuses_is_not(string pattern) => Assert.False(Re2Syntax.IsValid(pattern));

    [Fact]
    public void A_pattern_may_be_nested_as_deep_as_it_is_long() =>
        Assert.True(Re2Syntax.IsValid(new string('(', 30_000) + new string(')', 30_000)));
}
