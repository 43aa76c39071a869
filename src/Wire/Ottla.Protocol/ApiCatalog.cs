namespace Ottla.Protocol;

public static partial class ApiCatalog
{
    /// <summary>Finds what the schemas say of <paramref name="apiKey"/>; false when there is no schema for it.</summary>
    public static bool TryFind(ApiKey apiKey, out ApiDescription description)
    {
        foreach (ApiDescription candidate in All)
        {
            if (candidate.Key == apiKey)
            {
                description = candidate;
                return true;
            }
        }

        description = default;
        return false;
    }
}
