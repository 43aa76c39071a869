using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ottla.Broker.Hosting;
using Ottla.Http.Metrics;

namespace Ottla.Http;

/// <summary>Answers the endpoint's few requests. Thread-safe.</summary>
internal sealed class HttpRequests(Func<BrokerHealth> health, MetricsCollector collector, ILogger logger)
{
    private const string PlainText = "text/plain; charset=utf-8";
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";

    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, PlainText, "only GET\n");
        }

        return context.Request.Path.Value switch
        {
            "/metrics" => AnswerMetricsAsync(context),
            "/healthz" => AnswerHealthAsync(context),
            _ => AnswerAsync(context, StatusCodes.Status404NotFound, PlainText, "there are /metrics and /healthz\n"),
        };
    }

    private Task AnswerHealthAsync(HttpContext context)
    {
        BrokerHealth now = health();
        string text = now switch
        {
            { IsHealthy: true } => "ok\n",
            { IsServing: false } => "not serving\n",
            _ => $"offline log directories: {string.Join(", ", now.OfflineLogDirectories)}\n",
        };
        return AnswerAsync(context, now.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, PlainText, text);
    }

    private Task AnswerMetricsAsync(HttpContext context)
    {
        try
        {
            return AnswerAsync(context, StatusCodes.Status200OK, PrometheusText, PrometheusFormat.Write(collector.Collect()));
        }
        catch (AggregateException error)
        {
            // One instrument's callback failed: the scrape says so, the broker goes on.
            HttpLog.CollectingFailed(logger, error);
            return AnswerAsync(context, StatusCodes.Status500InternalServerError, PlainText, "the metrics could not be collected\n");
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string contentType, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
