using Ottla.Core.Controller;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

public sealed class ProducerIdAllocationTests
{
    private readonly ControllerScenario _scenario = ControllerScenario.WithBrokers(1);

    [Fact]
    public void Blocks_of_a_thousand_never_overlap_whatever_restarts_in_between()
    {
        Assert.Equal((0, 1000), Allocate());
        Assert.Equal((1000, 1000), Allocate());
        _scenario.Restart();
        Assert.Equal((2000, 1000), Allocate());
        _scenario.RegisterBroker(1);
        Assert.Equal((3000, 1000), Allocate());
    }

    [Fact]
    public void A_broker_of_an_older_epoch_gets_none()
    {
        long old = _scenario.Image.Brokers[new BrokerId(1)].Epoch;
        _scenario.RegisterBroker(1);

        Assert.Equal(ErrorCode.StaleBrokerEpoch, Ask(old).ErrorCode);
        Assert.Equal(0, _scenario.LastAppended);
    }

    private (long Start, int Length) Allocate()
    {
        AllocateProducerIdsResponse response = Ask(_scenario.Image.Brokers[new BrokerId(1)].Epoch);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return (response.ProducerIdStart, response.ProducerIdLen);
    }

    private AllocateProducerIdsResponse Ask(long epoch) => _scenario.Do<AllocateProducerIdsResponse>(token =>
        new ControllerCommand.AllocateProducerIds(token, new AllocateProducerIdsRequest { BrokerId = 1, BrokerEpoch = epoch }));
}
