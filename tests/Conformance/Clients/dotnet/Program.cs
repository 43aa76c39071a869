using Ottla.Conformance.DotnetClient;
using Ottla.Tests.Processes;

BundledLibrdkafka.Use(typeof(Confluent.Kafka.Library).Assembly);
string bootstrap = args[0], command = args[1], topic = args[2];
string[] rest = args[3..];
Driver driver = new(bootstrap, topic);
switch (command)
{
    case "produce":
        await driver.ProduceAsync(rest[0], rest[1], int.Parse(rest[2]), int.Parse(rest[3]));
        break;
    case "consume":
        driver.Consume(int.Parse(rest[0]), rest[1], int.Parse(rest[2]));
        break;
    case "resume":
        driver.Resume(rest[0], int.Parse(rest[1]));
        break;
    case "member":
        driver.Join(rest[0]);
        break;
    case "admin":
        await driver.AdministerAsync();
        break;
    case "transaction":
        driver.Transact();
        break;
    default:
        return 2;
}

return 0;
