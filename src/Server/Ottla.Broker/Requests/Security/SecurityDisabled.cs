namespace Ottla.Broker.Requests.Security;

/// <summary>What requests about access control are answered.</summary>
internal static class SecurityDisabled
{
    /// <summary>Goes with SECURITY_DISABLED, as Kafka words it.</summary>
    public const string Message = "No Authorizer is configured.";

    /// <summary>What DescribeAcls says instead.</summary>
    public const string MessageOfDescribe = "No Authorizer is configured on the broker";
}
