using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides UpdateFeatures (KIP-584): all updates of a request hold, or none.</summary>
internal static class FeatureUpdates
{
    private const sbyte Upgrade = 1;
    private const sbyte UnsafeDowngrade = 3;

    /// <summary>The records of a new cluster: every served feature at its highest level.</summary>
    public static List<MetadataRecord> Bootstrap() =>
        [.. ServedFeatures.All.Select(static feature => Level(feature.Name, feature.MaxVersion))];

    public static ControllerDecision Decide(ControllerContext context, UpdateFeaturesRequest request)
    {
        UpdateFeaturesResponse response = new();
        List<MetadataRecord> records = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        RequestProblem? first = null;
        foreach (UpdateFeaturesRequest.FeatureUpdateKey update in request.FeatureUpdates)
        {
            RequestProblem? problem = seen.Add(update.Feature)
                ? Check(context.Image, update)
                : new RequestProblem(ErrorCode.InvalidRequest, $"Feature {update.Feature} is given twice.");
            first ??= problem;
            if (problem is null && Current(context.Image, update.Feature) != update.MaxVersionLevel)
            {
                records.Add(Level(update.Feature, update.MaxVersionLevel));
            }

            response.Results.Add(new UpdateFeaturesResponse.UpdatableFeatureResult
            {
                Feature = update.Feature,
                ErrorCode = problem?.Error ?? ErrorCode.None,
                ErrorMessage = problem?.Message,
            });
        }

        response.ErrorCode = first?.Error ?? ErrorCode.None;
        response.ErrorMessage = first is null ? null : $"The update failed for all features since the following feature had an error: {first.Message}";
        if (first is not null)
        {
            response.Results.Clear();
        }

        return new ControllerDecision(request.ValidateOnly || first is not null ? [] : records, response);
    }

    private static RequestProblem? Check(MetadataImage image, UpdateFeaturesRequest.FeatureUpdateKey update)
    {
        // Version 0 of the request says AllowDowngrade where later versions say how to downgrade.
        sbyte type = update.AllowDowngrade ? (sbyte)2 : update.UpgradeType;
        if (type is < Upgrade or > UnsafeDowngrade)
        {
            return Invalid(update, $"The controller does not support the given upgrade type {type}.");
        }

        if (update.MaxVersionLevel < 0)
        {
            return Invalid(update, "A feature version cannot be less than 0.");
        }

        if (ServedFeatures.Find(update.Feature) is not { } served)
        {
            return Invalid(update, update.MaxVersionLevel == 0 ? $"Feature {update.Feature} not found." : "This broker does not support this feature.");
        }

        if (update.MaxVersionLevel < served.MinVersion || update.MaxVersionLevel > served.MaxVersion)
        {
            return Invalid(update, $"This broker only supports versions {served.MinVersion}-{served.MaxVersion}");
        }

        if (update.MaxVersionLevel >= Current(image, update.Feature))
        {
            return null;
        }

        return type == Upgrade
            ? Invalid(update, "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.")
            : Invalid(update, "A downgrade is not supported: records that were written in newer versions would stay in the metadata log.");
    }

    private static short Current(MetadataImage image, string feature) =>
        image.Features.TryGetValue(feature, out short level) ? level : (short)0;

    private static RequestProblem Invalid(UpdateFeaturesRequest.FeatureUpdateKey update, string reason) => new(
        ErrorCode.InvalidUpdateVersion,
        $"Invalid update version {update.MaxVersionLevel} for feature {update.Feature}. {reason}");

    private static MetadataRecord Level(string feature, short level) =>
        MetadataRecord.Of(new FeatureLevelRecord { Name = feature, FeatureLevel = level });
}
