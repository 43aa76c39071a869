/*
 * A load generator on librdkafka, the same for Ottla, for Apache Kafka and for librdkafka's own mock broker, so that what differs in a
 * comparison is the broker. It prints one JSON object on one line.
 *
 *   load produce BOOTSTRAP TOPIC RECORDS BYTES [librdkafka.key=value ...]
 *   load consume BOOTSTRAP TOPIC RECORDS PARTITIONS [librdkafka.key=value ...]
 *   load group   BOOTSTRAP TOPIC RECORDS CONSUMERS [librdkafka.key=value ...]
 *   load latency BOOTSTRAP TOPIC RECORDS BYTES RATE [librdkafka.key=value ...]
 *   load mock    -         TOPIC RECORDS BYTES [librdkafka.key=value ...]
 *
 * consume assigns the partitions 0 to PARTITIONS-1 from their beginnings. group lets CONSUMERS consumers of one new group share a topic
 * until they have read RECORDS records together; those that are read twice, as after a rebalance, count twice. latency sends at a fixed rate,
 * whatever the answers do, and measures from the intended time of each send until the record comes back from its consumer.
 */
#include <librdkafka/rdkafka.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define BATCH 10000

static int64_t failed;
static int64_t delivered;

static void die(const char *what, const char *why) {
    fprintf(stderr, "load: %s: %s\n", what, why);
    exit(1);
}

static double now_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int64_t number(const char *text) {
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || value <= 0) {
        die(text, "not a number above 0");
    }
    return value;
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    (void)opaque;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (failed++ == 0) {
            fprintf(stderr, "load: first failed delivery: %s\n", rd_kafka_err2str(message->err));
        }
    } else {
        delivered++;
    }
}

static rd_kafka_t *open_client(rd_kafka_type_t type, const char *bootstrap, int settings, const char **setting) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (strcmp(bootstrap, "-") != 0 && rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, error, sizeof(error)) != RD_KAFKA_CONF_OK) {
        die(bootstrap, error);
    }
    if (type == RD_KAFKA_PRODUCER) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    }
    for (int index = 0; index < settings; index++) {
        char name[256];
        const char *equals = strchr(setting[index], '=');
        if (equals == NULL || (size_t)(equals - setting[index]) >= sizeof(name)) {
            die(setting[index], "a setting is key=value");
        }
        snprintf(name, sizeof(name), "%.*s", (int)(equals - setting[index]), setting[index]);
        if (rd_kafka_conf_set(conf, name, equals + 1, error, sizeof(error)) != RD_KAFKA_CONF_OK) {
            die(setting[index], error);
        }
    }
    rd_kafka_t *client = rd_kafka_new(type, conf, error, sizeof(error));
    if (client == NULL) {
        die("client", error);
    }
    return client;
}

/* Values are JSON-like text that compresses about as well as real events do. */
static char *make_value(size_t bytes) {
    static const char *words[] = {"order", "customer", "amount", "currency", "created", "status", "shipped", "pending"};
    char *value = malloc(bytes + 64);
    size_t length = 0;
    uint32_t state = 12345;
    while (length < bytes) {
        state = state * 1664525u + 1013904223u;
        length += (size_t)snprintf(value + length, bytes + 64 - length, "{\"%s\":%u},", words[(state >> 24) & 7], (state >> 8) & 0xffff);
    }
    return value;
}

static void produce(const char *bootstrap, const char *topic_name, int64_t records, size_t bytes, int settings, const char **setting) {
    rd_kafka_t *client = open_client(RD_KAFKA_PRODUCER, bootstrap, settings, setting);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, topic_name, NULL);
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, topic, &metadata, 20000);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        die("metadata", rd_kafka_err2str(error));
    }
    rd_kafka_metadata_destroy(metadata);
    char *value = make_value(bytes);
    double cpu = cpu_seconds();
    double start = now_seconds();
    for (int64_t index = 0; index < records; index++) {
        while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, 0, value, bytes, NULL, 0, NULL) != 0) {
            if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
                die("produce", rd_kafka_err2str(rd_kafka_last_error()));
            }
            rd_kafka_poll(client, 10);
        }
        if ((index & 1023) == 0) {
            rd_kafka_poll(client, 0);
        }
    }
    while (delivered + failed < records) {
        rd_kafka_poll(client, 100);
    }
    double seconds = now_seconds() - start;
    printf("{\"mode\":\"produce\",\"records\":%lld,\"failed\":%lld,\"seconds\":%.6f,\"records_per_second\":%.0f,\"client_cpu_us_per_record\":%.4f}\n",
        (long long)delivered, (long long)failed, seconds, (double)records / seconds, (cpu_seconds() - cpu) * 1e6 / (double)records);
    free(value);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
}

static void assign(rd_kafka_t *client, const char *topic_name, int partitions, int64_t offset) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
    for (int partition = 0; partition < partitions; partition++) {
        rd_kafka_topic_partition_list_add(list, topic_name, partition)->offset = offset;
    }
    rd_kafka_resp_err_t error = rd_kafka_assign(client, list);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        die("assign", rd_kafka_err2str(error));
    }
    rd_kafka_topic_partition_list_destroy(list);
}

struct consumer {
    rd_kafka_t *client;
    int64_t records;
};

/* What all consumers of the process have seen together. */
static atomic_llong seen_records;
static atomic_llong seen_bytes;
static double first_seen;
static double cpu_at_first;

static void *read_records(void *argument) {
    struct consumer *consumer = argument;
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer->client);
    rd_kafka_message_t **messages = malloc(BATCH * sizeof(*messages));
    double deadline = now_seconds() + 300;
    while (atomic_load(&seen_records) < consumer->records && now_seconds() < deadline) {
        ssize_t count = rd_kafka_consume_batch_queue(queue, 200, messages, BATCH);
        int64_t records = 0;
        int64_t bytes = 0;
        for (ssize_t index = 0; index < count; index++) {
            if (messages[index]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                records++;
                bytes += (int64_t)messages[index]->len;
            } else if (messages[index]->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
                fprintf(stderr, "load: %s\n", rd_kafka_message_errstr(messages[index]));
            }
            rd_kafka_message_destroy(messages[index]);
        }
        if (records > 0 && atomic_fetch_add(&seen_records, records) == 0) {
            first_seen = now_seconds();
            cpu_at_first = cpu_seconds();
        }
        atomic_fetch_add(&seen_bytes, bytes);
    }
    free(messages);
    rd_kafka_queue_destroy(queue);
    return NULL;
}

static void print_consumed(const char *mode, double end, double cpu) {
    int64_t seen = atomic_load(&seen_records);
    double seconds = end - first_seen;
    printf("{\"mode\":\"%s\",\"records\":%lld,\"bytes\":%lld,\"seconds\":%.6f,\"records_per_second\":%.0f,\"client_cpu_us_per_record\":%.4f}\n",
        mode, (long long)seen, (long long)atomic_load(&seen_bytes), seconds, (double)seen / seconds, (cpu - cpu_at_first) * 1e6 / (double)(seen > 0 ? seen : 1));
}

static rd_kafka_t *open_consumer(const char *bootstrap, const char *group, int settings, const char **setting) {
    char group_setting[300];
    const char *all[64];
    snprintf(group_setting, sizeof(group_setting), "group.id=%s", group);
    all[0] = group_setting;
    all[1] = "auto.offset.reset=earliest";
    for (int index = 0; index < settings && index < 60; index++) {
        all[index + 2] = setting[index];
    }
    rd_kafka_t *client = open_client(RD_KAFKA_CONSUMER, bootstrap, (settings < 60 ? settings : 60) + 2, all);
    rd_kafka_poll_set_consumer(client);
    return client;
}

static void consume(const char *bootstrap, const char *topic_name, int64_t records, int partitions, int settings, const char **setting) {
    struct consumer consumer = {open_consumer(bootstrap, "load", settings, setting), records};
    assign(consumer.client, topic_name, partitions, RD_KAFKA_OFFSET_BEGINNING);
    read_records(&consumer);
    print_consumed("consume", now_seconds(), cpu_seconds());
    rd_kafka_consumer_close(consumer.client);
    rd_kafka_destroy(consumer.client);
    if (atomic_load(&seen_records) < records) {
        die("consume", "not all records came");
    }
}

static void consume_in_group(const char *bootstrap, const char *topic_name, int64_t records, int consumers, int settings, const char **setting) {
    struct consumer *all = calloc((size_t)consumers, sizeof(*all));
    pthread_t *threads = calloc((size_t)consumers, sizeof(*threads));
    char group[64];
    snprintf(group, sizeof(group), "load-%lld", (long long)(now_seconds() * 1e6));
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic_name, RD_KAFKA_PARTITION_UA);
    for (int index = 0; index < consumers; index++) {
        all[index].client = open_consumer(bootstrap, group, settings, setting);
        all[index].records = records;
        rd_kafka_subscribe(all[index].client, topics);
    }
    for (int index = 0; index < consumers; index++) {
        pthread_create(&threads[index], NULL, read_records, &all[index]);
    }
    for (int index = 0; index < consumers; index++) {
        pthread_join(threads[index], NULL);
    }
    print_consumed("group", now_seconds(), cpu_seconds());
    rd_kafka_topic_partition_list_destroy(topics);
    for (int index = 0; index < consumers; index++) {
        rd_kafka_consumer_close(all[index].client);
        rd_kafka_destroy(all[index].client);
    }
    free(all);
    free(threads);
    if (atomic_load(&seen_records) < records) {
        die("group", "not all records came");
    }
}

struct reader {
    rd_kafka_t *client;
    int64_t records;
    int64_t seen;
    double *latency;
};

static void *read_latencies(void *argument) {
    struct reader *reader = argument;
    double deadline = now_seconds() + 120;
    while (reader->seen < reader->records && now_seconds() < deadline) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->client, 100);
        if (message == NULL) {
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->len >= sizeof(double)) {
            double intended;
            memcpy(&intended, message->payload, sizeof(intended));
            reader->latency[reader->seen++] = now_seconds() - intended;
        }
        rd_kafka_message_destroy(message);
    }
    return NULL;
}

static int compare(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

static void latency(const char *bootstrap, const char *topic_name, int64_t records, size_t bytes, int64_t rate, int settings, const char **setting) {
    const char *consumer_settings[] = {"group.id=latency", "fetch.wait.max.ms=500", "fetch.min.bytes=1", "enable.auto.commit=false"};
    rd_kafka_t *consumer = open_client(RD_KAFKA_CONSUMER, bootstrap, 4, consumer_settings);
    rd_kafka_poll_set_consumer(consumer);
    assign(consumer, topic_name, 1, RD_KAFKA_OFFSET_END);
    double settle = now_seconds() + 2;
    while (now_seconds() < settle) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (message != NULL) {
            rd_kafka_message_destroy(message);
        }
    }
    struct reader reader = {consumer, records, 0, calloc((size_t)records, sizeof(double))};
    pthread_t thread;
    pthread_create(&thread, NULL, read_latencies, &reader);
    rd_kafka_t *producer = open_client(RD_KAFKA_PRODUCER, bootstrap, settings, setting);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, topic_name, NULL);
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(producer, 0, topic, &metadata, 20000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        die("metadata", "no answer");
    }
    rd_kafka_metadata_destroy(metadata);
    char *value = make_value(bytes < sizeof(double) ? sizeof(double) : bytes);
    double start = now_seconds() + 0.1;
    for (int64_t index = 0; index < records; index++) {
        double intended = start + (double)index / (double)rate;
        double ahead;
        while ((ahead = intended - now_seconds()) > 0) {
            if (ahead > 2e-4) {
                struct timespec pause = {0, (long)((ahead - 1e-4) * 1e9) % 1000000000L};
                nanosleep(&pause, NULL);
            }
        }
        memcpy(value, &intended, sizeof(intended));
        if (rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, value, bytes, NULL, 0, NULL) != 0) {
            die("produce", rd_kafka_err2str(rd_kafka_last_error()));
        }
        rd_kafka_poll(producer, 0);
    }
    rd_kafka_flush(producer, 10000);
    pthread_join(thread, NULL);
    int64_t seen = reader.seen;
    if (seen == 0) {
        die("latency", "no record came back");
    }
    int64_t skip = seen / 10;
    qsort(reader.latency + skip, (size_t)(seen - skip), sizeof(double), compare);
    double *sorted = reader.latency + skip;
    int64_t count = seen - skip;
    printf("{\"mode\":\"latency\",\"records\":%lld,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f}\n", (long long)seen,
        sorted[count / 2] * 1e3, sorted[count * 99 / 100] * 1e3, sorted[count * 999 / 1000] * 1e3, sorted[count - 1] * 1e3);
    free(value);
    free(reader.latency);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(producer);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

int main(int count, char **argument) {
    if (count < 6) {
        die("usage", "load produce|consume|group|latency|mock BOOTSTRAP TOPIC RECORDS ...");
    }
    const char *mode = argument[1];
    int64_t records = number(argument[4]);
    if (strcmp(mode, "produce") == 0) {
        produce(argument[2], argument[3], records, (size_t)number(argument[5]), count - 6, (const char **)argument + 6);
    } else if (strcmp(mode, "consume") == 0) {
        consume(argument[2], argument[3], records, (int)number(argument[5]), count - 6, (const char **)argument + 6);
    } else if (strcmp(mode, "group") == 0) {
        consume_in_group(argument[2], argument[3], records, (int)number(argument[5]), count - 6, (const char **)argument + 6);
    } else if (strcmp(mode, "latency") == 0 && count >= 7) {
        latency(argument[2], argument[3], records, (size_t)number(argument[5]), number(argument[6]), count - 7, (const char **)argument + 7);
    } else if (strcmp(mode, "mock") == 0) {
        const char *all[64] = {"test.mock.num.brokers=1"};
        for (int index = 6; index < count && index < 60; index++) {
            all[index - 5] = argument[index];
        }
        produce("-", argument[3], records, (size_t)number(argument[5]), count - 5, all);
    } else {
        die(mode, "no such mode, or too few arguments");
    }
    return failed == 0 ? 0 : 1;
}
