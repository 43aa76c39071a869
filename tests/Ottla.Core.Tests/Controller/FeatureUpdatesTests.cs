using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

public sealed class FeatureUpdatesTests
{
    private readonly ControllerScenario _scenario = ControllerScenario.WithBrokers(1);

    [Fact]
    public void A_new_cluster_begins_at_the_newest_level() => Assert.Equal(30, _scenario.Image.Features["metadata.version"]);

    [Fact]
    public void The_level_that_stands_may_be_set_again() => Assert.Equal(ErrorCode.None, Update("metadata.version", 30).ErrorCode);

    [Theory]
    [InlineData("metadata.version", 31, 1)]
    [InlineData("metadata.version", 3, 1)]
    [InlineData("metadata.version", 29, 1)]
    [InlineData("metadata.version", 29, 2)]
    [InlineData("metadata.version", 30, 9)]
    [InlineData("group.version", 1, 1)]
    [InlineData("transaction.version", 2, 1)]
    public void A_level_that_is_not_served_is_refused(string feature, short level, sbyte type)
    {
        UpdateFeaturesResponse response = Update(feature, level, type);

        Assert.Equal(ErrorCode.InvalidUpdateVersion, response.ErrorCode);
        Assert.StartsWith(
            $"The update failed for all features since the following feature had an error: Invalid update version {level} for feature {feature}.",
            response.ErrorMessage,
            StringComparison.Ordinal);
        Assert.Empty(response.Results);
        Assert.Equal(0, _scenario.LastAppended);
    }

    private UpdateFeaturesResponse Update(string feature, short level, sbyte type = 1) => _scenario.Do<UpdateFeaturesResponse>(token =>
        new ControllerCommand.UpdateFeatures(token, new UpdateFeaturesRequest
        {
            FeatureUpdates = [new UpdateFeaturesRequest.FeatureUpdateKey { Feature = feature, MaxVersionLevel = level, UpgradeType = type }],
        }));
}
