using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ottla.Http.Metrics;

namespace Ottla.Http.Tests;

public sealed class HttpEndpointTests
{
    [Fact]
    public async Task Healthz_of_a_serving_broker_is_ok()
    {
        await using HttpScenario scenario = await HttpScenario.StartAsync();

        Assert.Equal((HttpStatusCode.OK, "ok\n"), await scenario.GetAsync("/healthz"));
    }

    [Fact]
    public async Task Healthz_of_a_stopped_broker_is_unavailable()
    {
        await using HttpScenario scenario = await HttpScenario.StartAsync();
        await scenario.GetAsync("/healthz");

        await scenario.Broker.StopAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not serving\n"), await scenario.GetAsync("/healthz"));
    }

    [Fact]
    public async Task Metrics_carry_the_names_that_Kafka_dashboards_ask_for()
    {
        await using HttpScenario scenario = await HttpScenario.StartAsync();

        (HttpStatusCode status, string text) = await scenario.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("# TYPE kafka_server_brokertopicmetrics_messagesin_total counter\nkafka_server_brokertopicmetrics_messagesin_total 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nkafka_server_replicamanager_partitioncount 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nkafka_log_logmanager_offlinelogdirectorycount 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nkafka_server_socketservermetrics_connection_count{listener=\"PLAINTEXT\"} 0\n", text, StringComparison.Ordinal);
        Assert.Matches("\nprocess_cpu_seconds_total [0-9.]+\n", text);
    }

    [Fact]
    public async Task Another_path_is_not_found_and_names_those_that_are()
    {
        await using HttpScenario scenario = await HttpScenario.StartAsync();

        (HttpStatusCode status, string text) = await scenario.GetAsync("/");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("/metrics", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_is_reached_at_the_address_it_was_given_and_at_no_other()
    {
        await using HttpScenario scenario = await HttpScenario.StartAsync();
        await scenario.GetAsync("/healthz");
        Assert.NotNull(scenario.Endpoint);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        SocketException refused = await Assert.ThrowsAsync<SocketException>(
            async () => await socket.ConnectAsync(IPAddress.Parse("127.0.0.2"), scenario.Endpoint.EndPoint.Port, TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task A_port_in_use_is_one_warning_and_the_broker_goes_on()
    {
        await using HttpScenario scenario = await HttpScenario.StartAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        HttpEndpoint? endpoint = await scenario.ListenAsync((IPEndPoint)other.LocalEndpoint);

        Assert.Null(endpoint);
        (LogLevel level, string text) = Assert.Single(scenario.Log.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("the port is in use", text, StringComparison.Ordinal);
        Assert.True(scenario.Broker.Health.IsHealthy);
    }

    [Theory]
    [InlineData("127.0.0.1:9644", "127.0.0.1:9644")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("127.0.0.1", null)]
    [InlineData(":9644", null)]
    [InlineData("::1", null)]
    [InlineData("example.org:80", null)]
    [InlineData("127.0.0.1:70000", null)]
    [InlineData("", null)]
    public void An_address_is_an_ip_or_localhost_with_a_port(string text, string? expected)
    {
        bool parsed = HttpEndpoint.TryParseAddress(text, out IPEndPoint? address);

        Assert.Equal(expected is not null, parsed);
        Assert.Equal(expected, address?.ToString());
    }

    [Fact]
    public void A_topic_counter_is_written_with_its_sum_and_with_escaped_labels()
    {
        CollectedMetric metric = new(
            "ottla.broker.topic.bytes_in",
            "Bytes\nin",
            IsCounter: true,
            [new([new("topic", "a\"b\\c")], 2), new([new("topic", "d")], 0.5)]);

        string text = PrometheusFormat.Write([metric]);

        Assert.StartsWith(
            """
            # HELP kafka_server_brokertopicmetrics_bytesin_total Bytes\nin
            # TYPE kafka_server_brokertopicmetrics_bytesin_total counter
            kafka_server_brokertopicmetrics_bytesin_total 2.5
            kafka_server_brokertopicmetrics_bytesin_total{topic="a\"b\\c"} 2
            kafka_server_brokertopicmetrics_bytesin_total{topic="d"} 0.5
            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_Kafka_does_not_have_keeps_its_own_name()
    {
        CollectedMetric metric = new("ottla.storage.flushes", "Flushes", IsCounter: true, [new([new("log.directory", "d")], 3)]);

        Assert.Contains("\nottla_storage_flushes_total{log_directory=\"d\"} 3\n", PrometheusFormat.Write([metric]), StringComparison.Ordinal);
    }
}
