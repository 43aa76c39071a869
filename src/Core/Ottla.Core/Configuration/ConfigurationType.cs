namespace Ottla.Core.Configuration;

/// <summary>The type of a configuration value; the numbers are those of DescribeConfigs on the wire.</summary>
public enum ConfigurationType : sbyte
{
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean = 1,

    /// <summary>Text.</summary>
    String = 2,

    /// <summary>A 32-bit integer.</summary>
    Int = 3,

    /// <summary>A 16-bit integer.</summary>
    Short = 4,

    /// <summary>A 64-bit integer.</summary>
    Long = 5,

    /// <summary>A floating-point number.</summary>
    Double = 6,

    /// <summary>Texts separated by commas.</summary>
    List = 7,

    /// <summary>The name of a Java class, which Ottla never loads.</summary>
    Class = 8,

    /// <summary>A secret, never returned to a client.</summary>
    Password = 9,
}
